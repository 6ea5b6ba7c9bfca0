package dev.shiplog.scheduler;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a pod wants of the pods that share a place with it. A place is all nodes with the same value
 * of one label.
 *
 * @param required there must be such pods
 * @param forbidden there must be none
 * @param preferred such pods are welcome, or, with a negative weight, not
 */
record PodAffinity(List<Term> required, List<Term> forbidden, List<Weighted> preferred) {
    static final PodAffinity NONE = new PodAffinity(List.of(), List.of(), List.of());

    private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
    private static final String PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";

    /** Pods at a place. */
    record Term(PodChooser pods, String topologyKey) {}

    record Weighted(Term term, long weight) {}

    /**
     * @param affinity of the pod's spec
     * @param own the pod's labels
     */
    static PodAffinity of(JsonNode affinity, String namespace, Map<String, String> own) {
        JsonNode together = affinity.path("podAffinity");
        JsonNode apart = affinity.path("podAntiAffinity");
        if (together.isEmpty() && apart.isEmpty()) {
            return NONE;
        }
        List<Weighted> preferred = new ArrayList<>();
        weighted(together.path(PREFERRED), 1, namespace, own, preferred);
        weighted(apart.path(PREFERRED), -1, namespace, own, preferred);
        return new PodAffinity(
                terms(together.path(REQUIRED), namespace, own),
                terms(apart.path(REQUIRED), namespace, own),
                List.copyOf(preferred));
    }

    private static List<Term> terms(JsonNode list, String namespace, Map<String, String> own) {
        List<Term> terms = new ArrayList<>();
        list.forEach(node -> terms.add(term(node, namespace, own)));
        return List.copyOf(terms);
    }

    private static void weighted(
            JsonNode list,
            int sign,
            String namespace,
            Map<String, String> own,
            List<Weighted> preferred) {
        for (JsonNode node : list) {
            preferred.add(
                    new Weighted(
                            term(node.path("podAffinityTerm"), namespace, own),
                            sign * node.path("weight").asLong()));
        }
    }

    private static Term term(JsonNode node, String namespace, Map<String, String> own) {
        return new Term(
                PodChooser.ofTerm(node, namespace, own), node.path("topologyKey").asText());
    }

    boolean isEmpty() {
        return required.isEmpty() && forbidden.isEmpty() && preferred.isEmpty();
    }
}
