package dev.shiplog.api.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.schema.Schema;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * How one document differs from another, by path.
 *
 * @param added only the second has it
 * @param modified both have it, with other values
 * @param removed only the first has it
 */
record Comparison(FieldSet added, FieldSet modified, FieldSet removed) {
    static Comparison of(JsonNode before, JsonNode after, Schema schema) {
        Walk walk = new Walk();
        walk.compare(before, after, schema);
        return new Comparison(walk.added.build(), walk.modified.build(), walk.removed.build());
    }

    /** What the second document says anew. */
    FieldSet changed() {
        return added.union(modified);
    }

    private static final class Walk {
        private final FieldSet.Builder added = new FieldSet.Builder();
        private final FieldSet.Builder modified = new FieldSet.Builder();
        private final FieldSet.Builder removed = new FieldSet.Builder();
        private final Deque<PathElement> path = new ArrayDeque<>();

        /** At least one of the two is there. */
        void compare(@Nullable JsonNode before, @Nullable JsonNode after, Schema schema) {
            boolean objects = isOrMissing(before, true) && isOrMissing(after, true);
            boolean lists = isOrMissing(before, false) && isOrMissing(after, false);
            JsonNode either = after == null ? before : after;
            if (either == null) {
                return;
            }
            if (Elements.isLeaf(either, schema)
                    || !(objects || lists)
                    || (isEmpty(before) && isEmpty(after))) {
                leaf(before, after);
                return;
            }
            if (objects) {
                members(before, after, schema);
            } else {
                items(list(before), list(after), schema);
            }
            if (before == null) {
                added.add(here());
            } else if (after == null) {
                removed.add(here());
            }
        }

        private void leaf(@Nullable JsonNode before, @Nullable JsonNode after) {
            if (before == null) {
                added.add(here());
            } else if (after == null) {
                removed.add(here());
            } else if (!Nodes.same(before, after)) {
                modified.add(here());
            }
        }

        private void members(@Nullable JsonNode before, @Nullable JsonNode after, Schema schema) {
            Set<String> names = new TreeSet<>();
            for (JsonNode node : List.of(object(before), object(after))) {
                node.fieldNames().forEachRemaining(names::add);
            }
            for (String name : names) {
                path.addLast(PathElement.field(name));
                compare(object(before).get(name), object(after).get(name), schema.field(name));
                path.removeLast();
            }
        }

        private void items(ArrayNode before, ArrayNode after, Schema schema) {
            Map<PathElement, List<JsonNode>> left = Elements.of(before, schema);
            Map<PathElement, List<JsonNode>> right = Elements.of(after, schema);
            Set<PathElement> all = new LinkedHashSet<>(left.keySet());
            all.addAll(right.keySet());
            for (PathElement element : all) {
                path.addLast(element);
                item(
                        left.getOrDefault(element, List.of()),
                        right.getOrDefault(element, List.of()),
                        schema.item());
                path.removeLast();
            }
        }

        /** Items that cannot be told apart are owned together. */
        private void item(List<JsonNode> before, List<JsonNode> after, Schema schema) {
            if (before.size() <= 1 && after.size() <= 1) {
                compare(
                        before.isEmpty() ? null : before.getFirst(),
                        after.isEmpty() ? null : after.getFirst(),
                        schema);
            } else if (before.size() > 1 && after.size() > 1) {
                leaf(array(before), array(after));
            } else if (before.size() > 1) {
                removed.add(here());
                if (!after.isEmpty()) {
                    compare(null, after.getFirst(), schema);
                }
            } else {
                if (!before.isEmpty()) {
                    compare(before.getFirst(), null, schema);
                }
                added.add(here());
            }
        }

        private List<PathElement> here() {
            return List.copyOf(path);
        }

        private static ArrayNode array(List<JsonNode> items) {
            return JsonNodeFactory.instance.arrayNode().addAll(items);
        }

        private static boolean isOrMissing(@Nullable JsonNode node, boolean object) {
            return node == null || (object ? node.isObject() : node.isArray());
        }

        private static boolean isEmpty(@Nullable JsonNode node) {
            return node == null || (node.isContainerNode() && node.isEmpty());
        }

        private static ObjectNode object(@Nullable JsonNode node) {
            return node instanceof ObjectNode object
                    ? object
                    : JsonNodeFactory.instance.objectNode();
        }

        private static ArrayNode list(@Nullable JsonNode node) {
            return node instanceof ArrayNode list ? list : JsonNodeFactory.instance.arrayNode();
        }
    }
}
