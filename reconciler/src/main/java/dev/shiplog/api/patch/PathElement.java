package dev.shiplog.api.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.Json;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * One step into a document, as FieldsV1 writes it: {@code f:name} a member, {@code k:{"name":"a"}}
 * an item by its keys, {@code v:"a"} an item by its value, {@code i:0} an item by its place.
 *
 * <p>Invariant: equal steps have equal texts; the keys of an item are sorted by name.
 */
record PathElement(String text) implements Comparable<PathElement> {
    /** The order of the four forms. */
    private static final String FORMS = "fkvi";

    static PathElement field(String name) {
        return new PathElement("f:" + name);
    }

    static PathElement key(ObjectNode keys) {
        return new PathElement("k:" + Json.of(keys));
    }

    static PathElement value(JsonNode value) {
        return new PathElement("v:" + Json.of(value));
    }

    /**
     * Reads what FieldsV1 holds.
     *
     * @throws IllegalArgumentException if it is none of the four forms
     */
    static PathElement parse(String text) {
        if (text.length() < 2 || text.charAt(1) != ':' || FORMS.indexOf(text.charAt(0)) < 0) {
            throw new IllegalArgumentException("expected f:, k:, v: or i:, found " + text);
        }
        return switch (text.charAt(0)) {
            case 'k', 'v' -> new PathElement(text.substring(0, 2) + Json.parse(text.substring(2)));
            default -> new PathElement(text);
        };
    }

    boolean isField() {
        return text.charAt(0) == 'f';
    }

    /** The name of the member. */
    String name() {
        return text.substring(2);
    }

    @Override
    public int compareTo(PathElement other) {
        int form =
                Integer.compare(FORMS.indexOf(text.charAt(0)), FORMS.indexOf(other.text.charAt(0)));
        return form != 0 ? form : text.compareTo(other.text);
    }

    /** As Kubernetes writes it in messages: {@code .name}, {@code [name="a"]}, {@code [="a"]}. */
    @Override
    public String toString() {
        String rest = name();
        return switch (text.charAt(0)) {
            case 'f' -> "." + rest;
            case 'k' ->
                    StreamSupport.stream(
                                    Json.parse(rest).toObject().properties().spliterator(), false)
                            .map(PathElement::written)
                            .collect(Collectors.joining(",", "[", "]"));
            case 'v' -> "[=" + rest + "]";
            default -> "[" + rest + "]";
        };
    }

    private static String written(Map.Entry<String, JsonNode> key) {
        return key.getKey() + "=" + key.getValue();
    }
}
