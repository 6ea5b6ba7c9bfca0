package dev.shiplog.scheduler;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Selector;
import dev.shiplog.state.ClusterState;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Chooses pods by namespace and labels: half of an affinity term or of a spread constraint.
 *
 * @param namespaces names of namespaces
 * @param namespaceSelector namespaces by their labels, beside those
 * @param labels empty if it chooses none, as a selector that is not given
 * @param living whether pods on their way out do not count
 */
record PodChooser(
        SortedSet<String> namespaces,
        Optional<Selector> namespaceSelector,
        Optional<Selector> labels,
        boolean living) {
    PodChooser {
        namespaces = Collections.unmodifiableSortedSet(new TreeSet<>(namespaces));
    }

    /** That of an affinity term. */
    static PodChooser ofTerm(JsonNode term, String namespace, Map<String, String> own) {
        SortedSet<String> namespaces = new TreeSet<>();
        term.path("namespaces").forEach(name -> namespaces.add(name.asText()));
        Optional<Selector> selector = selector(term.path("namespaceSelector"));
        if (namespaces.isEmpty() && selector.isEmpty()) {
            namespaces.add(namespace);
        }
        return new PodChooser(namespaces, selector, labels(term, own), false);
    }

    /** That of a spread constraint, which is about its own namespace. */
    static PodChooser ofConstraint(JsonNode constraint, String namespace, Map<String, String> own) {
        return new PodChooser(
                new TreeSet<>(List.of(namespace)), Optional.empty(), labels(constraint, own), true);
    }

    private static Optional<Selector> labels(JsonNode term, Map<String, String> own) {
        return selector(term.path("labelSelector"))
                .map(selector -> {
                    List<Selector.Requirement> all = new ArrayList<>(selector.requirements());
                    keys(term.path("matchLabelKeys"), Selector.Operator.IN, own, all);
                    keys(term.path("mismatchLabelKeys"), Selector.Operator.NOT_IN, own, all);
                    return new Selector(all);
                });
    }

    private static void keys(
            JsonNode keys,
            Selector.Operator operator,
            Map<String, String> own,
            List<Selector.Requirement> all) {
        for (JsonNode key : keys) {
            String value = own.get(key.asText());
            if (value != null) {
                all.add(
                        new Selector.Requirement(
                                key.asText(), operator, new TreeSet<>(List.of(value))));
            }
        }
    }

    private static Optional<Selector> selector(JsonNode selector) {
        try {
            return selector.isObject() ? Optional.of(Selector.of(selector)) : Optional.empty();
        } catch (IllegalArgumentException _) {
            // What was taken in before it was validated chooses nothing.
            return Optional.empty();
        }
    }

    boolean chooses(PodDemand pod, ClusterState state) {
        return labels.isPresent()
                && !(living && pod.leaving())
                && labels.get().matches(pod.labels())
                && inNamespace(pod.key().namespace(), state);
    }

    private boolean inNamespace(String namespace, ClusterState state) {
        return namespaces.contains(namespace)
                || namespaceSelector
                        .filter(selector ->
                                state.resource(ResourceKey.namespace(namespace))
                                        .filter(found ->
                                                selector.matches(found.metadata().labels()))
                                        .isPresent())
                        .isPresent();
    }
}
