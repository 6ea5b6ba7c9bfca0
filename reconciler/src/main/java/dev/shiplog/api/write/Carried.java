package dev.shiplog.api.write;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.Json;

import java.util.TreeSet;

/**
 * Carries what a client changed of a live document over to the declared one. The two differ in what
 * the cluster itself fills in, such as a pod's node or a Service's address: that the client neither
 * chose nor changed it, and so it is not declared afterwards either.
 */
final class Carried {
    private Carried() {}

    /**
     * @param said what is declared
     * @param live what the client saw
     * @param wish what it made of that
     */
    static Json over(Json said, Json live, Json wish) {
        if (live.equals(wish)) {
            return said;
        }
        return said.equals(live)
                ? wish
                : Json.of(value(said.toNode(), live.toNode(), wish.toNode()));
    }

    private static JsonNode value(JsonNode said, JsonNode live, JsonNode wish) {
        if (live.equals(wish)) {
            return said;
        }
        if (said.equals(live)) {
            return wish;
        }
        if (said instanceof ObjectNode a
                && live instanceof ObjectNode b
                && wish instanceof ObjectNode c) {
            return object(a, b, c);
        }
        return said instanceof ArrayNode a
                        && live instanceof ArrayNode b
                        && wish instanceof ArrayNode c
                ? list(a, b, c)
                : wish;
    }

    private static ObjectNode object(ObjectNode said, ObjectNode live, ObjectNode wish) {
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        TreeSet<String> names = new TreeSet<>();
        said.fieldNames().forEachRemaining(names::add);
        live.fieldNames().forEachRemaining(names::add);
        wish.fieldNames().forEachRemaining(names::add);
        for (String name : names) {
            JsonNode value = value(said.path(name), live.path(name), wish.path(name));
            if (!value.isMissingNode()) {
                result.set(name, value);
            }
        }
        return result;
    }

    /** Items that stay where they are, or only move, are those that are declared. */
    private static ArrayNode list(ArrayNode said, ArrayNode live, ArrayNode wish) {
        ArrayNode result = JsonNodeFactory.instance.arrayNode(wish.size());
        boolean aligned = said.size() == live.size();
        for (int i = 0; i < wish.size(); i++) {
            int before = aligned ? indexOf(live, wish.get(i)) : -1;
            if (before >= 0) {
                result.add(said.get(before));
            } else if (aligned && wish.size() == live.size()) {
                result.add(value(said.get(i), live.get(i), wish.get(i)));
            } else {
                result.add(wish.get(i));
            }
        }
        return result;
    }

    private static int indexOf(ArrayNode list, JsonNode item) {
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i).equals(item)) {
                return i;
            }
        }
        return -1;
    }
}
