package dev.shiplog.api.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.Map;

/** JSON merge patch, RFC 7386 section 2. */
final class MergePatch {
    private MergePatch() {}

    static ObjectNode apply(ObjectNode document, ObjectNode patch) {
        ObjectNode target = document.deepCopy();
        for (Map.Entry<String, JsonNode> member : patch.properties()) {
            String name = member.getKey();
            JsonNode value = member.getValue();
            if (value.isNull()) {
                target.remove(name);
            } else if (value instanceof ObjectNode inner) {
                target.set(
                        name,
                        apply(
                                target.get(name) instanceof ObjectNode present
                                        ? present
                                        : JsonNodeFactory.instance.objectNode(),
                                inner));
            } else {
                target.set(name, value.deepCopy());
            }
        }
        return target;
    }
}
