package dev.shiplog.scheduler;

import dev.shiplog.placement.NodeFacts;
import dev.shiplog.state.ClusterState;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What the pods that are there, by their own affinities, think of a newcomer: place by place. */
final class Residents {
    /** What a required affinity of a pod that is there is worth to one that it is about. */
    private static final long REQUIRED_WEIGHT = 1;

    /** A place: a label and its value. */
    record Place(String key, String value) {}

    private final Set<Place> closed = new HashSet<>();
    private final Map<Place, Long> welcome = new HashMap<>();
    private final Set<String> closedKeys = new HashSet<>();

    void hear(Census.Resident resident, PodDemand newcomer, ClusterState state) {
        PodAffinity affinity = resident.pod().affinity();
        Map<String, String> labels = resident.node().facts().labels();
        for (PodAffinity.Term term : affinity.forbidden()) {
            String value = labels.get(term.topologyKey());
            if (value != null && term.pods().chooses(newcomer, state)) {
                closed.add(new Place(term.topologyKey(), value));
                closedKeys.add(term.topologyKey());
            }
        }
        for (PodAffinity.Term term : affinity.required()) {
            welcome(term, REQUIRED_WEIGHT, labels, newcomer, state);
        }
        for (PodAffinity.Weighted weighted : affinity.preferred()) {
            welcome(weighted.term(), weighted.weight(), labels, newcomer, state);
        }
    }

    private void welcome(
            PodAffinity.Term term,
            long weight,
            Map<String, String> labels,
            PodDemand newcomer,
            ClusterState state) {
        String value = labels.get(term.topologyKey());
        if (value != null && term.pods().chooses(newcomer, state)) {
            welcome.merge(new Place(term.topologyKey(), value), weight, Long::sum);
        }
    }

    /** Whether a pod at one of the node's places forbids the newcomer there. */
    boolean forbid(NodeFacts node) {
        for (String key : closedKeys) {
            String value = node.labels().get(key);
            if (value != null && closed.contains(new Place(key, value))) {
                return true;
            }
        }
        return false;
    }

    /** How welcome the newcomer is on a node, by the weights of those who would like it there. */
    long welcome(NodeFacts node) {
        long sum = 0;
        for (Map.Entry<Place, Long> place : welcome.entrySet()) {
            if (place.getKey().value().equals(node.labels().get(place.getKey().key()))) {
                sum += place.getValue();
            }
        }
        return sum;
    }

    boolean isIndifferent() {
        return welcome.isEmpty();
    }
}
