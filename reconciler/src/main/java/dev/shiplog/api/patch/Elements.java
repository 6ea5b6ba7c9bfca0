package dev.shiplog.api.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.schema.FieldFacts;
import dev.shiplog.resource.schema.FieldFacts.ListType;
import dev.shiplog.resource.schema.Schema;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where server-side apply goes deeper, and how it tells the items of a list apart. */
final class Elements {
    private Elements() {}

    /** Whether a value is owned as a whole. */
    static boolean isLeaf(JsonNode value, Schema schema) {
        return switch (value) {
            case ObjectNode _ -> schema.facts().atomic();
            case ArrayNode _ -> schema.facts().listType() == ListType.ATOMIC;
            default -> true;
        };
    }

    /**
     * The items of a list by what tells them apart, in the order of the list. Several items that
     * cannot be told apart share one entry.
     */
    static Map<PathElement, List<JsonNode>> of(ArrayNode list, Schema schema) {
        Map<PathElement, List<JsonNode>> items = new LinkedHashMap<>();
        for (JsonNode item : list) {
            element(item, schema)
                    .ifPresent(element ->
                            items.computeIfAbsent(element, _ -> new ArrayList<>()).add(item));
        }
        return items;
    }

    /** What tells an item apart; nothing if it lacks a key. */
    static Optional<PathElement> element(JsonNode item, Schema list) {
        FieldFacts facts = list.facts();
        if (facts.listType() == ListType.SET) {
            return Optional.of(PathElement.value(item));
        }
        ObjectNode keys = JsonNodeFactory.instance.objectNode();
        for (FieldFacts.Key key : facts.keys()) {
            JsonNode value = item.get(key.name());
            if (value == null || value.isNull()) {
                value = key.fallback().orElse(null);
            }
            if (value == null) {
                return Optional.empty();
            }
            keys.set(key.name(), value);
        }
        return Optional.of(PathElement.key(keys));
    }
}
