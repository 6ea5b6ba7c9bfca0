package dev.shiplog.scheduler;

import dev.shiplog.resource.NodeName;
import dev.shiplog.state.ClusterState;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which pods are where, counted once for each question and kept up as a batch is placed. Pods that
 * ask nothing of their neighbours, in a cluster where no pod does, cost nothing here.
 */
final class Census {
    private final Collection<NodeLoad> nodes;
    private final ClusterState state;
    private final Map<List<PodChooser>, Map<NodeName, Integer>> counts = new HashMap<>();
    private final Map<Newcomer, Residents> residents = new HashMap<>();
    private final List<Resident> particular = new ArrayList<>();
    private final boolean taintsDiscourage;

    Census(Collection<NodeLoad> nodes, ClusterState state) {
        this.nodes = nodes;
        this.state = state;
        boolean discourage = false;
        for (NodeLoad node : nodes) {
            node.particular().forEach(pod -> particular.add(new Resident(pod, node)));
            discourage |= node.facts().taints().stream().anyMatch(Taints::discourages);
        }
        taintsDiscourage = discourage;
    }

    /** What pods with an affinity of their own see in a newcomer. */
    private record Newcomer(String namespace, Map<String, String> labels) {}

    /** A pod with an affinity of its own, and where it is. */
    record Resident(PodDemand pod, NodeLoad node) {}

    Collection<NodeLoad> nodes() {
        return nodes;
    }

    ClusterState state() {
        return state;
    }

    /** Whether a node somewhere prefers pods that tolerate it. */
    boolean taintsDiscourage() {
        return taintsDiscourage;
    }

    /** Whether any pod has an affinity of its own. */
    boolean hasParticular() {
        return !particular.isEmpty();
    }

    /** How many pods all of some choosers choose, by node; a node without any is left out. */
    Map<NodeName, Integer> count(List<PodChooser> choosers) {
        return counts.computeIfAbsent(
                choosers,
                key -> {
                    Map<NodeName, Integer> count = new HashMap<>();
                    for (NodeLoad node : nodes) {
                        for (PodDemand pod : node.pods()) {
                            if (allChoose(key, pod)) {
                                count.merge(node.facts().name(), 1, Integer::sum);
                            }
                        }
                    }
                    return count;
                });
    }

    boolean allChoose(List<PodChooser> choosers, PodDemand pod) {
        for (PodChooser chooser : choosers) {
            if (!chooser.chooses(pod, state)) {
                return false;
            }
        }
        return true;
    }

    /** What the pods that are there think of a newcomer. */
    Residents residents(PodDemand newcomer) {
        return residents.computeIfAbsent(
                new Newcomer(newcomer.key().namespace(), newcomer.labels()),
                _ -> {
                    Residents found = new Residents();
                    particular.forEach(resident -> found.hear(resident, newcomer, state));
                    return found;
                });
    }

    /** A pod was placed. */
    void placed(PodDemand pod, NodeLoad node) {
        counts.forEach((choosers, count) -> {
            if (allChoose(choosers, pod)) {
                count.merge(node.facts().name(), 1, Integer::sum);
            }
        });
        if (!pod.affinity().isEmpty()) {
            particular.add(new Resident(pod, node));
            // Heard anew when somebody asks; the batch's own pods are few.
            residents.clear();
        }
    }
}
