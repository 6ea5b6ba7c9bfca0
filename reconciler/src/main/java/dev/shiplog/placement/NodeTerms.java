package dev.shiplog.placement;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.resource.NodeName;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The required part of a pod's node affinity: one of the terms must hold, and of a term every
 * expression. A term without expressions never holds, as in Kubernetes.
 */
public record NodeTerms(List<List<Expression>> terms) {
    public static NodeTerms of(JsonNode affinity) {
        List<List<Expression>> terms = new ArrayList<>();
        for (JsonNode term :
                affinity.path("nodeAffinity")
                        .path("requiredDuringSchedulingIgnoredDuringExecution")
                        .path("nodeSelectorTerms")) {
            terms.add(expressions(term));
        }
        return new NodeTerms(List.copyOf(terms));
    }

    /** One term, such as one that is preferred. */
    public static NodeTerms ofTerm(JsonNode term) {
        return new NodeTerms(List.of(expressions(term)));
    }

    private static List<Expression> expressions(JsonNode term) {
        List<Expression> expressions = new ArrayList<>();
        term.path("matchExpressions").forEach(node -> expressions.add(Expression.of(node, false)));
        term.path("matchFields").forEach(node -> expressions.add(Expression.of(node, true)));
        return List.copyOf(expressions);
    }

    /** The only nodes that it can hold for, if it names them; empty if it does not. */
    public Optional<SortedSet<NodeName>> names() {
        SortedSet<NodeName> names = new TreeSet<>();
        for (List<Expression> term : terms) {
            Optional<Expression> named =
                    term.stream()
                            .filter(one -> one.field() && one.operator().equals("In"))
                            .findFirst();
            if (named.isEmpty()) {
                return Optional.empty();
            }
            named.get().values().forEach(name -> names.add(new NodeName(name)));
        }
        return terms.isEmpty() ? Optional.empty() : Optional.of(names);
    }

    public boolean hold(String nodeName, Map<String, String> labels) {
        return terms.isEmpty()
                || terms.stream()
                        .anyMatch(term ->
                                !term.isEmpty()
                                        && term.stream()
                                                .allMatch(one -> one.holds(nodeName, labels)));
    }

    /** One comparison of a label, or of {@code metadata.name}. */
    public record Expression(String key, String operator, List<String> values, boolean field) {
        public static Expression of(JsonNode node, boolean field) {
            List<String> values = new ArrayList<>();
            node.path("values").forEach(value -> values.add(value.asText()));
            return new Expression(
                    node.path("key").asText(),
                    node.path("operator").asText(),
                    List.copyOf(values),
                    field);
        }

        public boolean holds(String nodeName, Map<String, String> labels) {
            String value = field ? nodeName : labels.get(key);
            return switch (operator) {
                case "In" -> value != null && values.contains(value);
                case "NotIn" -> value == null || !values.contains(value);
                case "Exists" -> value != null;
                case "DoesNotExist" -> value == null;
                case "Gt" -> value != null && compare(value) > 0;
                case "Lt" -> value != null && compare(value) < 0;
                default -> false;
            };
        }

        private int compare(String value) {
            boolean numbers =
                    value.matches("-?[0-9]{1,18}")
                            && values.size() == 1
                            && values.getFirst().matches("-?[0-9]{1,18}");
            return numbers
                    ? Long.compare(Long.parseLong(value), Long.parseLong(values.getFirst()))
                    : 0;
        }
    }
}
