package dev.shiplog.api.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.schema.Schema;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Lays an applied configuration over a live document, and takes paths out of a document. */
final class Merge {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private Merge() {}

    /** What either says; the configuration where both do. Neither is changed. */
    static JsonNode of(JsonNode live, JsonNode configuration, Schema schema) {
        if (Elements.isLeaf(configuration, schema)) {
            return configuration.deepCopy();
        }
        if (live instanceof ObjectNode into && configuration instanceof ObjectNode from) {
            ObjectNode result = into.deepCopy();
            for (Map.Entry<String, JsonNode> member : from.properties()) {
                String name = member.getKey();
                JsonNode present = into.get(name);
                result.set(
                        name,
                        present == null
                                ? member.getValue().deepCopy()
                                : of(present, member.getValue(), schema.field(name)));
            }
            return result;
        }
        if (live instanceof ArrayNode into && configuration instanceof ArrayNode from) {
            return list(into, from, schema);
        }
        return configuration.deepCopy();
    }

    /**
     * The items of the configuration in its order; those that only the live list has stay ahead of
     * the item, of those that both have, that they stood ahead of.
     */
    private static ArrayNode list(ArrayNode live, ArrayNode configuration, Schema schema) {
        Map<PathElement, List<JsonNode>> present = Elements.of(live, schema);
        Map<PathElement, List<JsonNode>> wanted = Elements.of(configuration, schema);
        Deque<PathElement> rest = new ArrayDeque<>(present.keySet());
        Deque<PathElement> shared = new ArrayDeque<>(wanted.keySet());
        shared.removeIf(element -> !present.containsKey(element));
        ArrayNode result = NODES.arrayNode();
        wanted.forEach((element, items) -> {
            PathElement until = shared.peekFirst();
            while (!rest.isEmpty()
                    && !rest.getFirst().equals(until)
                    && (until != null || !wanted.containsKey(rest.getFirst()))) {
                keep(rest.removeFirst(), present, wanted, result);
            }
            if (element.equals(until)) {
                shared.removeFirst();
            }
            if (element.equals(rest.peekFirst()) || until == null) {
                rest.pollFirst();
            }
            List<JsonNode> old = present.getOrDefault(element, List.of());
            JsonNode value = items.getFirst();
            result.add(
                    old.size() == 1 ? of(old.getFirst(), value, schema.item()) : value.deepCopy());
        });
        rest.forEach(element -> keep(element, present, wanted, result));
        return result;
    }

    private static void keep(
            PathElement element,
            Map<PathElement, List<JsonNode>> present,
            Map<PathElement, List<JsonNode>> wanted,
            ArrayNode result) {
        if (!wanted.containsKey(element)) {
            present.getOrDefault(element, List.of()).forEach(item -> result.add(item.deepCopy()));
        }
    }

    /**
     * The document without some paths. A mapping or a list that this leaves empty goes, too. The
     * document is not changed.
     */
    static ObjectNode without(ObjectNode document, FieldSet paths, Schema schema) {
        ObjectNode result = NODES.objectNode();
        for (Map.Entry<String, JsonNode> member : document.properties()) {
            PathElement element = PathElement.field(member.getKey());
            if (!paths.has(element)) {
                JsonNode rest =
                        rest(member.getValue(), paths.below(element), schema.field(element.name()));
                if (!emptied(rest, member.getValue())) {
                    result.set(member.getKey(), rest);
                }
            }
        }
        return result;
    }

    private static JsonNode rest(JsonNode value, FieldSet paths, Schema schema) {
        if (paths.isEmpty() || Elements.isLeaf(value, schema)) {
            return value.deepCopy();
        }
        if (value instanceof ObjectNode object) {
            return without(object, paths, schema);
        }
        return value instanceof ArrayNode list ? items(list, paths, schema) : value.deepCopy();
    }

    private static ArrayNode items(ArrayNode list, FieldSet paths, Schema schema) {
        Set<PathElement> gone = new HashSet<>(paths.members());
        ArrayNode result = NODES.arrayNode();
        for (JsonNode item : list) {
            PathElement element = Elements.element(item, schema).orElse(null);
            if (element == null || !gone.contains(element)) {
                JsonNode rest =
                        element == null
                                ? item.deepCopy()
                                : rest(item, paths.below(element), schema.item());
                if (!emptied(rest, item)) {
                    result.add(rest);
                }
            }
        }
        return result;
    }

    private static boolean emptied(JsonNode rest, JsonNode before) {
        return rest.isContainerNode() && rest.isEmpty() && !before.isEmpty();
    }
}
