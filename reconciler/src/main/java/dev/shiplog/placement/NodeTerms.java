package dev.shiplog.placement;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

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
            List<Expression> expressions = new ArrayList<>();
            term.path("matchExpressions")
                    .forEach(node -> expressions.add(Expression.of(node, false)));
            term.path("matchFields").forEach(node -> expressions.add(Expression.of(node, true)));
            terms.add(List.copyOf(expressions));
        }
        return new NodeTerms(List.copyOf(terms));
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
