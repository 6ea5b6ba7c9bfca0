package dev.shiplog.decide.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.kind.QuantityValue;
import dev.shiplog.state.ClusterState;

import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** The LimitRanges of a namespace (k8s.io/kubernetes, plugin LimitRanger, for its words). */
final class LimitRanges {
    private final List<JsonNode> items;

    private LimitRanges(List<JsonNode> items) {
        this.items = items;
    }

    static LimitRanges of(ClusterState state, String namespace) {
        return of(state, namespace, List.of());
    }

    /**
     * @param declared bodies of more LimitRanges, of the same commit
     */
    static LimitRanges of(ClusterState state, String namespace, List<Json> declared) {
        List<JsonNode> items = new ArrayList<>();
        declared.forEach(body -> body.toNode().path("spec").path("limits").forEach(items::add));
        state.resources(GroupKind.LIMIT_RANGE, namespace)
                .forEach(range ->
                        range.body().toNode().path("spec").path("limits").forEach(items::add));
        return new LimitRanges(items);
    }

    /**
     * Fills in what containers do not say, and checks what they do.
     *
     * @param spec of a pod; changed in place
     * @param wrong takes the objections
     */
    void apply(ObjectNode spec, List<String> wrong) {
        fill(spec);
        for (JsonNode item : items) {
            switch (item.path("type").asText()) {
                case "Container" -> {
                    for (JsonNode container : Amounts.containers(spec)) {
                        JsonNode resources = container.path("resources");
                        check(
                                item,
                                "Container",
                                resource -> Amounts.of(resources.path("requests"), resource),
                                resource -> Amounts.of(resources.path("limits"), resource),
                                wrong);
                    }
                }
                case "Pod" -> {
                    SortedMap<String, QuantityValue> requests = Amounts.ofPod(spec, "requests");
                    SortedMap<String, QuantityValue> limits = Amounts.ofPod(spec, "limits");
                    check(
                            item,
                            "Pod",
                            resource -> Optional.ofNullable(requests.get(resource)),
                            resource -> Optional.ofNullable(limits.get(resource)),
                            wrong);
                }
                default -> {
                    // Limits of volume claims are checked where claims are made.
                }
            }
        }
    }

    /** Fills in what containers do not say. */
    void fill(ObjectNode spec) {
        for (JsonNode item : items) {
            if (item.path("type").asText().equals("Container")) {
                for (JsonNode container : Amounts.containers(spec)) {
                    fill((ObjectNode) container, item);
                }
            }
        }
    }

    private static void fill(ObjectNode container, JsonNode item) {
        ObjectNode resources = container.withObjectProperty("resources");
        fill(resources, "limits", item.path("default"));
        fill(resources, "requests", item.path("defaultRequest"));
    }

    private static void fill(ObjectNode resources, String member, JsonNode defaults) {
        for (Map.Entry<String, JsonNode> entry : defaults.properties()) {
            ObjectNode amounts = resources.withObjectProperty(member);
            if (!amounts.has(entry.getKey())) {
                amounts.set(entry.getKey(), entry.getValue());
            }
        }
    }

    private interface Asked {
        Optional<QuantityValue> of(String resource);
    }

    private static void check(
            JsonNode item, String type, Asked requests, Asked limits, List<String> wrong) {
        each(
                item,
                "min",
                (resource, least) -> {
                    Optional<QuantityValue> request = requests.of(resource);
                    String words = "minimum " + resource + " usage per " + type + " is " + least;
                    if (request.isEmpty()) {
                        wrong.add(words + ".  No request is specified");
                    } else if (request.get().compareTo(least) < 0) {
                        wrong.add(words + ", but request is " + request.get());
                    } else {
                        limits.of(resource)
                                .filter(limit -> limit.compareTo(least) < 0)
                                .ifPresent(limit -> wrong.add(words + ", but limit is " + limit));
                    }
                });
        each(
                item,
                "max",
                (resource, most) -> {
                    Optional<QuantityValue> limit = limits.of(resource);
                    String words = "maximum " + resource + " usage per " + type + " is " + most;
                    if (limit.isEmpty()) {
                        wrong.add(words + ".  No limit is specified");
                    } else if (limit.get().compareTo(most) > 0) {
                        wrong.add(words + ", but limit is " + limit.get());
                    } else {
                        requests.of(resource)
                                .filter(request -> request.compareTo(most) > 0)
                                .ifPresent(request ->
                                        wrong.add(words + ", but request is " + request));
                    }
                });
        each(
                item,
                "maxLimitRequestRatio",
                (resource, most) -> {
                    Optional<QuantityValue> limit = limits.of(resource);
                    Optional<QuantityValue> request = requests.of(resource);
                    String words =
                            resource + " max limit to request ratio per " + type + " is " + most;
                    if (limit.isEmpty()
                            || request.isEmpty()
                            || request.get().amount().signum() == 0) {
                        wrong.add(words + ", but no request is specified or request is 0");
                    } else {
                        double ratio =
                                limit.get()
                                        .amount()
                                        .divide(request.get().amount(), MathContext.DECIMAL64)
                                        .doubleValue();
                        if (ratio > most.amount().doubleValue()) {
                            wrong.add(words + ", but provided ratio is %.6f".formatted(ratio));
                        }
                    }
                });
    }

    private interface Bound {
        void check(String resource, QuantityValue bound);
    }

    private static void each(JsonNode item, String member, Bound bound) {
        for (Map.Entry<String, JsonNode> entry : item.path(member).properties()) {
            QuantityValue.parse(entry.getValue().asText())
                    .ifPresent(value -> bound.check(entry.getKey(), value));
        }
    }
}
