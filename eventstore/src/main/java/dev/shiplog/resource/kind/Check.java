package dev.shiplog.resource.kind;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.resource.IntOrPercent;
import dev.shiplog.resource.schema.FieldPath;
import dev.shiplog.resource.schema.Findings;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Checks that several kinds share, on the value at one path. */
final class Check {
    private Check() {}

    /** Text as an error shows it: in quotes. */
    static String quoted(String text) {
        return "\"" + text + "\"";
    }

    static void text(
            String value,
            FieldPath path,
            Function<String, List<String>> syntax,
            Findings findings) {
        syntax.apply(value).forEach(objection -> findings.invalid(path, quoted(value), objection));
    }

    /** A text that must be there. */
    static void requiredText(
            JsonNode object,
            String name,
            FieldPath parent,
            Function<String, List<String>> syntax,
            Findings findings) {
        String value = object.path(name).asText();
        if (value.isEmpty()) {
            findings.required(parent.child(name), "");
        } else {
            text(value, parent.child(name), syntax, findings);
        }
    }

    static void notNegative(JsonNode object, String name, FieldPath parent, Findings findings) {
        atLeast(object, name, 0, "must be greater than or equal to 0", parent, findings);
    }

    static void positive(JsonNode object, String name, FieldPath parent, Findings findings) {
        atLeast(object, name, 1, "must be greater than 0", parent, findings);
    }

    private static void atLeast(
            JsonNode object,
            String name,
            long least,
            String objection,
            FieldPath parent,
            Findings findings) {
        JsonNode value = object.path(name);
        if (value.isNumber() && value.longValue() < least) {
            findings.invalid(parent.child(name), value.toString(), objection);
        }
    }

    /** A word out of a few, sorted; one that is missing is no error. */
    static void oneOf(JsonNode value, FieldPath path, List<String> words, Findings findings) {
        if (!value.isMissingNode() && !words.contains(value.asText())) {
            findings.error(
                    path,
                    "Unsupported value: %s: supported values: %s"
                            .formatted(
                                    quoted(value.asText()),
                                    words.stream()
                                            .map(Check::quoted)
                                            .collect(Collectors.joining(", "))));
        }
    }

    /** A number or a percentage; one that is missing is no error. */
    static void portion(JsonNode value, FieldPath path, Findings findings) {
        if (IntOrPercent.amount(value).isEmpty()) {
            findings.invalid(
                    path,
                    value.toString(),
                    value.isTextual()
                            ? "a valid percent string must be a numeric string followed by an"
                                    + " ending '%' (e.g. '1%',  or '93%', regex used for"
                                    + " validation is '[0-9]+%')"
                            : "must be greater than or equal to 0");
        }
    }

    /** A percentage of at most 100. */
    static void atMostAll(JsonNode value, FieldPath path, Findings findings) {
        if (value.isTextual() && IntOrPercent.amount(value).orElse(0) > 100) {
            findings.invalid(path, value.toString(), "must not be greater than 100%");
        }
    }

    static void port(JsonNode value, FieldPath path, Findings findings) {
        if (value.longValue() < 1 || value.longValue() > 65_535) {
            findings.invalid(path, value.toString(), "must be between 1 and 65535, inclusive");
        }
    }

    static void labels(JsonNode labels, FieldPath path, Findings findings) {
        labels.properties()
                .forEach(label -> {
                    FieldPath at = path.child(label.getKey());
                    keyOf(label.getKey(), path, at, findings);
                    Names.labelValue(label.getValue().asText())
                            .forEach(objection ->
                                    findings.error(
                                            at,
                                            "Invalid value: "
                                                    + label.getValue()
                                                    + ": "
                                                    + objection));
                });
    }

    /** The key of a label or an annotation. */
    static void keyOf(String key, FieldPath map, FieldPath at, Findings findings) {
        Names.qualified(key)
                .forEach(objection ->
                        findings.errorAtKey(
                                at,
                                "%s: Invalid value: \"%s\": %s".formatted(map, key, objection)));
    }

    /** Adds an error for each item whose {@code name} an earlier item has. */
    static void uniqueNames(JsonNode items, FieldPath path, Set<String> seen, Findings findings) {
        for (int i = 0; i < items.size(); i++) {
            String name = items.get(i).path("name").asText();
            if (!name.isEmpty() && !seen.add(name)) {
                findings.duplicate(path.item(i).child("name"), quoted(name));
            }
        }
    }

    static void uniqueNames(JsonNode items, FieldPath path, Findings findings) {
        uniqueNames(items, path, new TreeSet<>(), findings);
    }
}
