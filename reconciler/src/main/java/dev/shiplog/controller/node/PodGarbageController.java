package dev.shiplog.controller.node;

import dev.shiplog.command.Command;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.controller.Controller;
import dev.shiplog.controller.Pods;
import dev.shiplog.controller.Verdict;
import dev.shiplog.event.NodeEvent;
import dev.shiplog.event.Recorded;
import dev.shiplog.event.ResourceEvent;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.Propagation;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.state.ClusterState;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Deletes pods whose node is gone, and the oldest finished pods when there are too many. Looks at
 * two kinds of keys: a node's, and {@link #FINISHED_PODS} for all finished pods.
 */
public final class PodGarbageController implements Controller {
    /** How many finished pods are kept, as in Kubernetes ({@code terminated-pod-gc-threshold}). */
    static final int FINISHED_PODS_KEPT = 12_500;

    /** Pods deleted in one look. */
    static final int BATCH = 500;

    private static final ResourceKey FINISHED_PODS = new ResourceKey(GroupKind.POD, "", "finished");

    private final int kept;

    public PodGarbageController() {
        this(FINISHED_PODS_KEPT);
    }

    /**
     * @param kept how many finished pods are kept
     */
    public PodGarbageController(int kept) {
        this.kept = kept;
    }

    @Override
    public String name() {
        return "pod-garbage-collector";
    }

    @Override
    public Verdict reconcile(ClusterState state, ResourceKey key, Instant now) {
        List<Resource> garbage = key.equals(FINISHED_PODS) ? surplus(state) : stranded(state, key);
        return new Verdict(
                garbage.stream().limit(BATCH).map(PodGarbageController::delete).toList(),
                garbage.size() > BATCH ? Optional.of(now) : Optional.empty());
    }

    /** Pods that a node was told to run, which then went away. */
    private static List<Resource> stranded(ClusterState state, ResourceKey node) {
        if (state.resource(node).isPresent()) {
            return List.of();
        }
        // One that no node was ever told of runs nowhere: it waits for its node.
        return state.podsOn(new NodeName(node.name())).stream()
                .map(key -> state.resource(key).orElseThrow())
                .filter(pod -> state.ordered(pod.uid()).isPresent())
                .toList();
    }

    private List<Resource> surplus(ClusterState state) {
        Collection<Resource> pods = state.resources(GroupKind.POD);
        if (pods.size() <= kept) {
            return List.of();
        }
        List<Resource> finished =
                pods.stream()
                        .filter(pod -> Pods.finished(pod) && !pod.metadata().deleting())
                        .toList();
        return finished.stream()
                .sorted(Comparator.comparing(pod -> pod.metadata().created()))
                .limit(Math.max(0, finished.size() - kept))
                .toList();
    }

    private static Command delete(Resource pod) {
        return new ResourceCommand.DeleteResource(
                pod.key(),
                Optional.of(pod.uid()),
                OptionalLong.of(0),
                Propagation.BACKGROUND,
                List.of());
    }

    @Override
    public Collection<ResourceKey> wakes(Recorded event, ClusterState before, ClusterState after) {
        return switch (event.event()) {
            case ResourceEvent.ResourceRemoved(var key, var _)
                    when key.kind().equals(GroupKind.NODE) ->
                    List.of(key);
            case NodeEvent.PodReported e when finished(after, e.pod()) -> List.of(FINISHED_PODS);
            default -> List.of();
        };
    }

    private static boolean finished(ClusterState state, ResourceKey pod) {
        return state.resource(pod).filter(Pods::finished).isPresent();
    }

    @Override
    public Collection<ResourceKey> all(ClusterState state) {
        return List.of(FINISHED_PODS);
    }
}
