package dev.shiplog.api.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Status;
import dev.shiplog.resource.schema.Schema;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A live list and the items of a strategic merge patch for it. Items that both have are merged; the
 * order is the patch's, with the items that only the live list has put in between by their place in
 * it.
 */
final class MergedList {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final ArrayNode live;
    private final ArrayNode patch;
    private final Schema schema;
    private final @Nullable String key;

    private MergedList(ArrayNode live, ArrayNode patch, Schema schema) {
        this.live = live;
        this.patch = patch;
        this.schema = schema;
        this.key = schema.facts().mergeKey().orElse(null);
    }

    static MergedList of(ArrayNode live, ArrayNode patch, Schema schema) {
        return new MergedList(live, patch, schema);
    }

    ArrayNode merged() {
        if (live.isEmpty() && patch.isEmpty()) {
            return live;
        }
        checkTypes();
        return key == null ? mergedScalars() : mergedObjects(key);
    }

    private void checkTypes() {
        for (ArrayNode list : List.of(live, patch)) {
            for (JsonNode item : list) {
                if (item.isArray()) {
                    throw new ApiFailure(
                            Status.of(422, "Invalid", "lists of lists are not supported"));
                }
                if (item.isObject() != (key != null)) {
                    throw StrategicMergePatch.bad(
                            "list element types are not identical: [" + live + " " + patch + "]");
                }
            }
        }
    }

    private ArrayNode mergedScalars() {
        ArrayNode all = NODES.arrayNode();
        for (ArrayNode list : List.of(live, patch)) {
            for (JsonNode item : list) {
                if (indexOf(all, item, null) < 0) {
                    all.add(item);
                }
            }
        }
        return arrange(all, patch, live, null);
    }

    private ArrayNode mergedObjects(String name) {
        boolean replace = false;
        ArrayNode kept = live.deepCopy();
        ArrayNode changes = NODES.arrayNode();
        for (JsonNode item : patch) {
            ObjectNode change = (ObjectNode) item;
            JsonNode directive = change.get(StrategicMergePatch.PATCH);
            if (directive == null) {
                changes.add(change);
                continue;
            }
            switch (directive.asText()) {
                case "delete" -> {
                    JsonNode value = keyOf(change, name);
                    kept = without(kept, name, value);
                }
                case "replace" -> replace = true;
                case "merge" ->
                        throw StrategicMergePatch.bad(
                                "merging lists cannot yet be specified in the patch");
                default -> throw StrategicMergePatch.unknownDirective(directive, change);
            }
        }
        if (replace) {
            return (ArrayNode) StrategicMergePatch.cleaned(changes);
        }
        ArrayNode before = kept.deepCopy();
        for (JsonNode item : changes) {
            ObjectNode change = (ObjectNode) item;
            keyOf(change, name);
            int place = indexOf(kept, change, name);
            if (place < 0) {
                kept.add(StrategicMergePatch.cleaned(change));
            } else {
                kept.set(
                        place,
                        StrategicMergePatch.mergeItem(
                                (ObjectNode) kept.get(place), change.deepCopy(), schema.item()));
            }
        }
        return arrange(kept, changes, before, name);
    }

    private static ArrayNode without(ArrayNode list, String name, JsonNode value) {
        ArrayNode kept = NODES.arrayNode();
        for (JsonNode item : list) {
            if (!Nodes.same(item.get(name), value)) {
                kept.add(item);
            }
        }
        return kept;
    }

    private static JsonNode keyOf(ObjectNode item, String name) {
        JsonNode value = item.get(name);
        if (value == null) {
            throw StrategicMergePatch.bad(
                    "map: " + item + " does not contain declared merge key: " + name);
        }
        return value;
    }

    /** The place of the item of {@code list} that has the same key; -1 for none. */
    static int indexOf(ArrayNode list, JsonNode item, @Nullable String key) {
        for (int i = 0; i < list.size(); i++) {
            boolean same =
                    key == null
                            ? Nodes.same(list.get(i), item)
                            : item.has(key) && Nodes.same(list.get(i).get(key), item.get(key));
            if (same) {
                return i;
            }
        }
        return -1;
    }

    /**
     * The items in the given order; those that it does not name go, in their order in the list
     * {@code before}, ahead of the first item that stood behind them there.
     */
    static ArrayNode arrange(
            ArrayNode items, ArrayNode order, ArrayNode before, @Nullable String key) {
        List<JsonNode> named = new ArrayList<>();
        List<JsonNode> others = new ArrayList<>();
        items.forEach(item -> (indexOf(order, item, key) < 0 ? others : named).add(item));
        named.sort(Comparator.comparingInt(item -> indexOf(order, item, key)));
        others.sort(Comparator.comparingInt(item -> indexOf(before, item, key)));
        ArrayNode result = NODES.arrayNode();
        int next = 0;
        for (JsonNode item : named) {
            int place = indexOf(before, item, key);
            while (next < others.size() && indexOf(before, others.get(next), key) < place) {
                result.add(others.get(next));
                next++;
            }
            result.add(item);
        }
        others.subList(next, others.size()).forEach(result::add);
        return result;
    }
}
