package dev.shiplog.controller;

import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.Resource;
import dev.shiplog.state.ClusterState;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;

import java.time.Instant;
import java.util.Optional;

/** What controllers want to know of a pod. */
public final class Pods {
    private Pods() {}

    /** Pending, Running, Succeeded, Failed or Unknown. */
    public static String phase(Resource pod) {
        String phase = status(pod).getPhase();
        return phase == null ? "Pending" : phase;
    }

    /** Whether its containers have ended for good. */
    public static boolean finished(Resource pod) {
        String phase = phase(pod);
        return phase.equals("Succeeded") || phase.equals("Failed");
    }

    /** Whether it counts as a replica: neither finished nor on its way out. */
    public static boolean active(Resource pod) {
        return !pod.metadata().deleting() && !finished(pod);
    }

    /** Whether containers were added to it while it lives, to look into it. */
    public static boolean lookedInto(Resource pod) {
        // What was never revised has none, and most pods never are.
        return pod.metadata().generation() > 1
                && !pod.as(Pod.class).getSpec().getEphemeralContainers().isEmpty();
    }

    public static boolean ready(Resource pod) {
        return readySince(pod).isPresent();
    }

    /** Since when it has been ready without a break; empty while it is not. */
    public static Optional<Instant> readySince(Resource pod) {
        for (PodCondition condition : status(pod).getConditions()) {
            if ("Ready".equals(condition.getType()) && "True".equals(condition.getStatus())) {
                String since = condition.getLastTransitionTime();
                return Optional.of(since == null ? Instant.EPOCH : Instant.parse(since));
            }
        }
        return Optional.empty();
    }

    /** When it will have been ready for long enough; empty while it is not ready. */
    public static Optional<Instant> availableAt(Resource pod, int minReadySeconds) {
        return readySince(pod).map(since -> since.plusSeconds(minReadySeconds));
    }

    /** The node that it is bound to; empty before it is. */
    public static String nodeName(Resource pod) {
        return ClusterState.nodeOf(pod).map(NodeName::value).orElse("");
    }

    /**
     * Whether the deletion of a pod waits for its containers: it is on a node, which has not said
     * yet that they are gone, by a grace period of 0.
     */
    public static boolean heldByContainers(Resource pod) {
        return !nodeName(pod).isEmpty()
                && pod.metadata().deletion().filter(d -> d.graceSeconds() > 0).isPresent();
    }

    /** How often its most restless container was started again. */
    public static int restarts(Resource pod) {
        return status(pod).getContainerStatuses().stream()
                .map(ContainerStatus::getRestartCount)
                .mapToInt(count -> count == null ? 0 : count)
                .max()
                .orElse(0);
    }

    private static PodStatus status(Resource pod) {
        PodStatus status = pod.as(Pod.class).getStatus();
        return status == null ? NONE : status;
    }

    private static final PodStatus NONE = new PodStatus();
}
