package dev.shiplog.resource.kind;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.resource.schema.FieldPath;
import dev.shiplog.resource.schema.Findings;

/** Validates label selectors, and decides what they match. */
final class SelectorValidation {
    private SelectorValidation() {}

    /** A selector with {@code matchLabels} and {@code matchExpressions}. */
    static void validate(JsonNode selector, FieldPath path, Findings findings) {
        Check.labels(selector.path("matchLabels"), path.child("matchLabels"), findings);
        JsonNode expressions = selector.path("matchExpressions");
        for (int i = 0; i < expressions.size(); i++) {
            expression(expressions.get(i), path.child("matchExpressions").item(i), findings);
        }
    }

    private static void expression(JsonNode expression, FieldPath path, Findings findings) {
        Check.requiredText(expression, "key", path, Names::qualified, findings);
        presence(expression, path, findings);
        if (expression.path("operator").asText().isEmpty()) {
            findings.required(path.child("operator"), "");
        }
        JsonNode values = expression.path("values");
        for (int i = 0; i < values.size(); i++) {
            Check.text(
                    values.get(i).asText(),
                    path.child("values").item(i),
                    Names::labelValue,
                    findings);
        }
    }

    /** Values where an operator of sets compares with some, and none where it does not. */
    static void presence(JsonNode expression, FieldPath path, Findings findings) {
        boolean given = !expression.path("values").isEmpty();
        switch (expression.path("operator").asText()) {
            case "In", "NotIn" -> {
                if (!given) {
                    findings.required(
                            path.child("values"),
                            "must be specified when `operator` is 'In' or 'NotIn'");
                }
            }
            case "Exists", "DoesNotExist" -> {
                if (given) {
                    findings.forbidden(
                            path.child("values"),
                            "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
                }
            }
            default -> {
                // Whether the word is known is the caller's question.
            }
        }
    }

    /** A selector that may not change: what it selected would be nobody's. */
    static void immutable(JsonNode before, JsonNode after, FieldPath path, Findings findings) {
        if (!before.path("selector").equals(after.path("selector"))) {
            findings.invalid(
                    path.child("selector"),
                    after.path("selector").toString(),
                    "field is immutable");
        }
    }

    static boolean isEmpty(JsonNode selector) {
        return selector.path("matchLabels").isEmpty()
                && selector.path("matchExpressions").isEmpty();
    }

    /** Whether a selector with matchLabels and matchExpressions matches labels. */
    static boolean matches(JsonNode selector, JsonNode labels) {
        if (!contains(labels, selector.path("matchLabels"))) {
            return false;
        }
        for (JsonNode expression : selector.path("matchExpressions")) {
            if (!holds(expression, labels.path(expression.path("key").asText()))) {
                return false;
            }
        }
        return true;
    }

    /** Whether labels have every pair of a plain selector. */
    static boolean contains(JsonNode labels, JsonNode selector) {
        return selector.properties().stream()
                .allMatch(pair -> pair.getValue().equals(labels.path(pair.getKey())));
    }

    private static boolean holds(JsonNode expression, JsonNode label) {
        boolean present = !label.isMissingNode();
        boolean listed = false;
        for (JsonNode value : expression.path("values")) {
            listed |= value.equals(label);
        }
        return switch (expression.path("operator").asText()) {
            case "In" -> listed;
            case "NotIn" -> !listed;
            case "Exists" -> present;
            default -> !present;
        };
    }
}
