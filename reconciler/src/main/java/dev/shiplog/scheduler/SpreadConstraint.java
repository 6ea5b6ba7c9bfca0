package dev.shiplog.scheduler;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How evenly pods shall be spread over places.
 *
 * @param pods which ones
 * @param topologyKey the label whose values are the places
 * @param maxSkew by how much a place may have more than the one with the fewest
 * @param hard whether a node that would break it is refused, rather than only liked less
 * @param minDomains with fewer places than that, the fewest is 0
 * @param honorAffinity whether only nodes count that the pod's node selector and affinity allow
 * @param honorTaints whether only nodes count whose taints the pod tolerates
 */
record SpreadConstraint(
        PodChooser pods,
        String topologyKey,
        int maxSkew,
        boolean hard,
        int minDomains,
        boolean honorAffinity,
        boolean honorTaints) {

    static List<SpreadConstraint> all(
            JsonNode constraints, String namespace, Map<String, String> own) {
        if (constraints.isEmpty()) {
            return List.of();
        }
        List<SpreadConstraint> all = new ArrayList<>();
        for (JsonNode node : constraints) {
            all.add(
                    new SpreadConstraint(
                            PodChooser.ofConstraint(node, namespace, own),
                            node.path("topologyKey").asText(),
                            node.path("maxSkew").asInt(1),
                            !node.path("whenUnsatisfiable").asText().equals("ScheduleAnyway"),
                            node.path("minDomains").asInt(1),
                            !node.path("nodeAffinityPolicy").asText().equals("Ignore"),
                            node.path("nodeTaintsPolicy").asText().equals("Honor")));
        }
        return List.copyOf(all);
    }

    /** Whether the pods of a node count for a pod with this constraint. */
    boolean counts(PodDemand pod, NodeLoad node) {
        return node.facts().labels().containsKey(topologyKey)
                && (!honorAffinity || pod.chooses(node.facts()))
                && (!honorTaints || pod.tolerates(node.facts()));
    }
}
