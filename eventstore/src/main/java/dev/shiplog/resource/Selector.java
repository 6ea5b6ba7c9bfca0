package dev.shiplog.resource;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Chooses resources by their labels: every requirement must hold. The empty selector chooses all.
 *
 * <p>Three notations, one meaning: a map of equal labels (ReplicationController, Service), a
 * LabelSelector of {@code meta/v1} (matchLabels and matchExpressions), and the text of {@code
 * kubectl -l}.
 */
public record Selector(List<Requirement> requirements) {
    /** Chooses everything. */
    public static final Selector EVERYTHING = new Selector(List.of());

    public Selector {
        requirements = List.copyOf(requirements);
    }

    /** How a requirement compares. */
    public enum Operator {
        IN("In"),
        NOT_IN("NotIn"),
        EXISTS("Exists"),
        DOES_NOT_EXIST("DoesNotExist");

        private final String wireName;

        Operator(String wireName) {
            this.wireName = wireName;
        }

        static Operator of(String name) {
            for (Operator operator : values()) {
                if (operator.wireName.equals(name)) {
                    return operator;
                }
            }
            throw new IllegalArgumentException(
                    "expected an operator In, NotIn, Exists or DoesNotExist, found \""
                            + name
                            + "\"");
        }
    }

    /**
     * @param values what {@code In} and {@code NotIn} compare with; empty for the other two
     */
    public record Requirement(String key, Operator operator, SortedSet<String> values) {
        public Requirement {
            Names.required("label key", key);
            values = Collections.unmodifiableSortedSet(new TreeSet<>(values));
            boolean compares = operator == Operator.IN || operator == Operator.NOT_IN;
            if (compares == values.isEmpty()) {
                throw new IllegalArgumentException(
                        "expected "
                                + (compares ? "values" : "no values")
                                + " for operator "
                                + operator.wireName
                                + " of label \""
                                + key
                                + "\", found "
                                + values);
            }
        }

        static Requirement equal(String key, String value) {
            return new Requirement(key, Operator.IN, new TreeSet<>(List.of(value)));
        }

        boolean holds(Map<String, String> labels) {
            String value = labels.get(key);
            return switch (operator) {
                case IN -> value != null && values.contains(value);
                case NOT_IN -> value == null || !values.contains(value);
                case EXISTS -> value != null;
                case DOES_NOT_EXIST -> value == null;
            };
        }

        @Override
        public String toString() {
            return switch (operator) {
                case IN ->
                        values.size() == 1
                                ? key + "=" + values.first()
                                : key + " in (" + String.join(",", values) + ")";
                case NOT_IN ->
                        values.size() == 1
                                ? key + "!=" + values.first()
                                : key + " notin (" + String.join(",", values) + ")";
                case EXISTS -> key;
                case DOES_NOT_EXIST -> "!" + key;
            };
        }
    }

    /** Every one of these labels. */
    public static Selector ofLabels(Map<String, String> labels) {
        return new Selector(
                new TreeMap<>(labels)
                        .entrySet().stream()
                                .map(label -> Requirement.equal(label.getKey(), label.getValue()))
                                .toList());
    }

    /** A map of equal labels, as a JSON object; everything if it is missing. */
    public static Selector ofLabels(JsonNode labels) {
        return new Selector(
                labels.properties().stream()
                        .map(label -> Requirement.equal(label.getKey(), label.getValue().asText()))
                        .toList());
    }

    /**
     * A LabelSelector of {@code meta/v1}; everything if it is missing.
     *
     * @throws IllegalArgumentException for an unknown operator, or values that do not fit it
     */
    public static Selector of(JsonNode labelSelector) {
        List<Requirement> all =
                new ArrayList<>(ofLabels(labelSelector.path("matchLabels")).requirements());
        for (JsonNode expression : labelSelector.path("matchExpressions")) {
            SortedSet<String> values = new TreeSet<>();
            expression.path("values").forEach(value -> values.add(value.asText()));
            all.add(
                    new Requirement(
                            expression.path("key").asText(),
                            Operator.of(expression.path("operator").asText()),
                            values));
        }
        return new Selector(all);
    }

    /**
     * Reads what {@code kubectl -l} takes: {@code a=b}, {@code a==b}, {@code a!=b}, {@code a in
     * (b,c)}, {@code a notin (b,c)}, {@code a}, {@code !a}, joined by commas.
     *
     * @throws IllegalArgumentException if the text is none of that
     */
    public static Selector parse(String text) {
        return new Selector(
                split(text).stream()
                        .map(String::strip)
                        .filter(part -> !part.isEmpty())
                        .map(Selector::requirement)
                        .toList());
    }

    /** Whether a resource with these labels is chosen. */
    public boolean matches(Map<String, String> labels) {
        for (Requirement requirement : requirements) {
            if (!requirement.holds(labels)) {
                return false;
            }
        }
        return true;
    }

    private static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            switch (text.charAt(i)) {
                case '(' -> depth++;
                case ')' -> depth--;
                case ',' -> {
                    if (depth == 0) {
                        parts.add(text.substring(start, i));
                        start = i + 1;
                    }
                }
                default -> {
                    // Part of a key or a value.
                }
            }
        }
        parts.add(text.substring(start));
        return parts;
    }

    private static Requirement requirement(String part) {
        int open = part.indexOf('(');
        if (open >= 0 && part.endsWith(")")) {
            String[] words = part.substring(0, open).strip().split("\\s+", -1);
            SortedSet<String> values = new TreeSet<>();
            for (String value : part.substring(open + 1, part.length() - 1).split(",", -1)) {
                values.add(value.strip());
            }
            if (words.length == 2 && words[1].equals("in")) {
                return new Requirement(label(words[0], part), Operator.IN, values);
            }
            if (words.length == 2 && words[1].equals("notin")) {
                return new Requirement(label(words[0], part), Operator.NOT_IN, values);
            }
            throw unreadable(part);
        }
        int unequal = part.indexOf("!=");
        if (unequal > 0) {
            return new Requirement(
                    label(part.substring(0, unequal), part),
                    Operator.NOT_IN,
                    new TreeSet<>(List.of(part.substring(unequal + 2).strip())));
        }
        int equal = part.indexOf('=');
        if (equal > 0) {
            String value = part.substring(equal + (part.startsWith("==", equal) ? 2 : 1));
            return Requirement.equal(label(part.substring(0, equal), part), value.strip());
        }
        return part.startsWith("!")
                ? new Requirement(
                        label(part.substring(1), part), Operator.DOES_NOT_EXIST, new TreeSet<>())
                : new Requirement(label(part, part), Operator.EXISTS, new TreeSet<>());
    }

    private static String label(String text, String part) {
        String key = text.strip();
        if (!key.matches("[A-Za-z0-9]([-A-Za-z0-9_./]*[A-Za-z0-9])?")) {
            throw unreadable(part);
        }
        return key;
    }

    private static IllegalArgumentException unreadable(String part) {
        return new IllegalArgumentException(
                "expected a requirement such as app=web, app!=web, app in (a,b), app or !app,"
                        + " found \""
                        + part
                        + "\"");
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return requirements.stream().map(Requirement::toString).collect(Collectors.joining(","));
    }
}
