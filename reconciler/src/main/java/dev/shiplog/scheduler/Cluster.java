package dev.shiplog.scheduler;

import dev.shiplog.event.NodeEvent;
import dev.shiplog.event.Recorded;
import dev.shiplog.event.ResourceEvent;
import dev.shiplog.event.SchedulerEvent;
import dev.shiplog.placement.NodeFacts;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;
import dev.shiplog.state.ClusterState;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The nodes and what is taken of them, kept up event by event: a fold of the log like the state,
 * but of sums, so that a placement costs nothing for pods that stay where they are.
 *
 * <p>Invariant: after every event, each node's load is the sum over the unfinished pods bound to
 * it, and over those that were just placed there and whose events are still to come.
 */
final class Cluster {
    private final SortedMap<NodeName, NodeLoad> nodes = new TreeMap<>();
    private final Map<Uid, NodeName> places = new HashMap<>();
    private final Map<Uid, NodeName> nominations = new HashMap<>();

    /** Forgets everything and reads a state. */
    void read(ClusterState state) {
        nodes.clear();
        places.clear();
        nominations.clear();
        state.resources(GroupKind.NODE).forEach(this::node);
        state.resources(GroupKind.POD).forEach(this::pod);
    }

    /**
     * Folds an event.
     *
     * @return whether a pod that fitted nowhere before might fit now
     */
    boolean fold(Recorded recorded, ClusterState before, ClusterState after) {
        return switch (recorded.event()) {
            case NodeEvent.NodeRegistered e -> nodeChanged(ResourceKey.node(e.node()), after);
            case SchedulerEvent.PodNominated e -> {
                after.resource(e.pod()).ifPresent(this::pod);
                yield false;
            }
            case SchedulerEvent.NominationWithdrawn e -> dismiss(e.uid());
            case SchedulerEvent.PodBound e -> {
                boolean _ = dismiss(e.uid());
                // A batch of events may already have removed the pod again.
                after.resource(e.pod())
                        .filter(pod -> pod.uid().equals(e.uid()))
                        .ifPresentOrElse(this::pod, () -> remove(e.uid()));
                yield false;
            }
            case NodeEvent.PodReported e -> finished(after.resource(e.pod())) && remove(e.uid());
            case ResourceEvent.ResourceRemoved e when e.key().kind().equals(GroupKind.POD) ->
                    gone(e.uid());
            case ResourceEvent.StatusChanged _, ResourceEvent.Noted _ -> false;
            case ResourceEvent e when e.key().kind().equals(GroupKind.NODE) ->
                    nodeChanged(e.key(), after);
            case ResourceEvent e when e.key().kind().equals(GroupKind.POD) -> {
                after.resource(e.key()).ifPresent(this::pod);
                yield false;
            }
            default -> false;
        };
    }

    Collection<NodeLoad> nodes() {
        return nodes.values();
    }

    /** Remembers where a placed pod is, so that it can be taken away again. */
    void placed(Uid pod, NodeName node) {
        places.put(pod, node);
    }

    /** Takes back the placement of a pod that was not bound after all. */
    void withdraw(Uid pod) {
        remove(pod);
    }

    Optional<NodeName> placeOf(Uid pod) {
        return Optional.ofNullable(places.get(pod));
    }

    /** Which nodes pods wait for. */
    Map<Uid, NodeName> nominations() {
        return nominations;
    }

    /** Remembers for which node a pod waits. */
    void nominated(Uid pod, NodeName node) {
        nominations.put(pod, node);
    }

    /** Forgets for which node a pod waits; whether it did for one. */
    boolean dismiss(Uid pod) {
        NodeName node = nominations.remove(pod);
        NodeLoad load = node == null ? null : nodes.get(node);
        return load != null && load.dismiss(pod);
    }

    private boolean nodeChanged(ResourceKey key, ClusterState after) {
        Optional<Resource> node = after.resource(key);
        if (node.isEmpty()) {
            nodes.remove(new NodeName(key.name()));
            return false;
        }
        boolean known = nodes.containsKey(new NodeName(key.name()));
        node(node.get());
        if (!known) {
            after.podsOn(new NodeName(key.name())).stream()
                    .flatMap(pod -> after.resource(pod).stream())
                    .forEach(this::pod);
        }
        return true;
    }

    private void node(Resource resource) {
        NodeFacts facts = NodeFacts.of(resource);
        nodes.computeIfAbsent(facts.name(), _ -> new NodeLoad(facts)).facts(facts);
    }

    /** Takes up what a pod is now. */
    void pod(Resource resource) {
        if (finished(Optional.of(resource))) {
            return;
        }
        NodeName place = places.get(resource.uid());
        PodDemand pod = PodDemand.of(resource);
        if (pod.nodeName().isEmpty()) {
            waiting(resource, pod);
            return;
        }
        NodeName node = new NodeName(pod.nodeName());
        if (place != null && !place.equals(node)) {
            remove(pod.uid());
        }
        NodeLoad load = nodes.get(node);
        if (load != null) {
            load.add(pod);
            places.put(pod.uid(), node);
        }
    }

    private void waiting(Resource resource, PodDemand pod) {
        boolean _ = dismiss(pod.uid());
        String nominated = resource.status().toNode().path("nominatedNodeName").asText();
        NodeLoad load =
                nominated.isEmpty() || pod.leaving() ? null : nodes.get(new NodeName(nominated));
        if (load != null) {
            load.nominate(pod);
            nominations.put(pod.uid(), load.facts().name());
        }
    }

    private boolean remove(Uid pod) {
        NodeName node = places.remove(pod);
        NodeLoad load = node == null ? null : nodes.get(node);
        return load != null && load.remove(pod);
    }

    /** Forgets a pod; whether it took a place, or waited for one. */
    private boolean gone(Uid pod) {
        boolean waited = dismiss(pod);
        return remove(pod) || waited;
    }

    private static boolean finished(Optional<Resource> pod) {
        return pod.map(resource -> resource.status().toNode().path("phase").asText())
                .filter(phase -> phase.equals("Succeeded") || phase.equals("Failed"))
                .isPresent();
    }
}
