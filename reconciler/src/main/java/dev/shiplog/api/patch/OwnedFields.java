package dev.shiplog.api.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.schema.Schema;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/** The paths that a document sets. */
final class OwnedFields {
    private final FieldSet.Builder found = new FieldSet.Builder();
    private final Deque<PathElement> path = new ArrayDeque<>();

    private OwnedFields() {}

    static FieldSet of(JsonNode document, Schema schema) {
        OwnedFields walk = new OwnedFields();
        walk.visit(document, schema);
        return walk.found.build();
    }

    private void visit(JsonNode value, Schema schema) {
        if (Elements.isLeaf(value, schema)) {
            found.add(List.copyOf(path));
        } else if (value instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> member : object.properties()) {
                member(member.getKey(), member.getValue(), schema);
            }
        } else if (value instanceof ArrayNode list) {
            Elements.of(list, schema).forEach((element, items) -> items(element, items, schema));
        }
    }

    private void member(String name, JsonNode value, Schema schema) {
        path.addLast(PathElement.field(name));
        visit(value, schema.field(name));
        boolean named = schema.hasNamedFields() && schema.declares(name);
        if (value.isNull() || (value.isObject() && value.isEmpty()) || !named) {
            found.add(List.copyOf(path));
        }
        path.removeLast();
    }

    private void items(PathElement element, List<JsonNode> items, Schema schema) {
        path.addLast(element);
        if (items.size() == 1) {
            visit(items.getFirst(), schema.item());
        }
        found.add(List.copyOf(path));
        path.removeLast();
    }
}
