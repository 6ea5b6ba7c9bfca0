package dev.shiplog.decide;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.IntOrPercent;
import dev.shiplog.resource.OwnerReference;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Selector;
import dev.shiplog.resource.Uid;
import dev.shiplog.state.ClusterState;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * How a disruption budget stands in one revision, after Kubernetes' {@code disruption.go}.
 *
 * @param expected how many pods there should be
 * @param desired how many of them must be healthy
 * @param healthy how many are: ready, and not on their way out
 */
public record Disruption(int expected, int desired, int healthy) {
    /** How many healthy pods may go now. */
    public int allowed() {
        return expected <= 0 ? 0 : Math.max(0, healthy - desired);
    }

    public static Disruption of(ClusterState state, Resource budget) {
        JsonNode spec = budget.body().toNode().path("spec");
        List<Resource> pods = chosen(state, budget, spec);
        int healthy = (int) pods.stream().filter(Disruption::healthy).count();
        JsonNode least = spec.path("minAvailable");
        if (least.isNumber()) {
            return new Disruption(pods.size(), least.asInt(), healthy);
        }
        int expected = expected(state, pods);
        int desired =
                least.isTextual()
                        ? IntOrPercent.of(least).of(expected, true)
                        : expected - unavailable(spec, expected);
        return new Disruption(expected, Math.max(0, desired), healthy);
    }

    private static int unavailable(JsonNode spec, int expected) {
        JsonNode most = spec.path("maxUnavailable");
        return most.isMissingNode() ? expected : IntOrPercent.of(most).of(expected, true);
    }

    private static List<Resource> chosen(ClusterState state, Resource budget, JsonNode spec) {
        Optional<Selector> selector = selector(spec);
        List<Resource> pods = new ArrayList<>();
        if (selector.isPresent()) {
            for (Resource pod : state.resources(GroupKind.POD, budget.key().namespace())) {
                if (selector.get().matches(pod.metadata().labels())) {
                    pods.add(pod);
                }
            }
        }
        return pods;
    }

    private static Optional<Selector> selector(JsonNode spec) {
        JsonNode selector = spec.path("selector");
        return selector.isObject() ? Optional.of(Selector.of(selector)) : Optional.empty();
    }

    /** Whether a budget is about a pod. */
    public static boolean concerns(Resource budget, Resource pod) {
        return budget.key().namespace().equals(pod.key().namespace())
                && selector(budget.body().toNode().path("spec"))
                        .filter(selector -> selector.matches(pod.metadata().labels()))
                        .isPresent();
    }

    /** Whether a pod is ready and stays. */
    public static boolean healthy(Resource pod) {
        PodStatus status = pod.as(Pod.class).getStatus();
        return !pod.metadata().deleting()
                && status != null
                && status.getConditions().stream()
                        .anyMatch(condition ->
                                "Ready".equals(condition.getType())
                                        && "True".equals(condition.getStatus()));
    }

    /** The sum of what those want who manage the pods; a pod that nobody manages does not count. */
    private static int expected(ClusterState state, List<Resource> pods) {
        Set<Uid> counted = new TreeSet<>();
        int sum = 0;
        for (Resource pod : pods) {
            Optional<Resource> manager = manager(state, pod);
            // Of a Deployment's pods the ReplicaSets share what it wants.
            manager = manager.flatMap(one -> manager(state, one)).or(() -> manager(state, pod));
            if (manager.isPresent() && counted.add(manager.get().uid())) {
                sum += scale(manager.get());
            }
        }
        return sum;
    }

    private static int scale(Resource manager) {
        return manager.key().kind().equals(GroupKind.DAEMON_SET)
                ? manager.status().toNode().path("desiredNumberScheduled").asInt()
                : manager.body().toNode().path("spec").path("replicas").asInt(1);
    }

    private static Optional<Resource> manager(ClusterState state, Resource resource) {
        return resource.metadata()
                .controller()
                .flatMap(owner ->
                        state.resource(key(owner, resource))
                                .filter(found -> found.uid().equals(owner.uid())));
    }

    private static ResourceKey key(OwnerReference owner, Resource dependent) {
        return new ResourceKey(owner.groupKind(), dependent.key().namespace(), owner.name());
    }
}
