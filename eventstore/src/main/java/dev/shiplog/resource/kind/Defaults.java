package dev.shiplog.resource.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;

/** Fills in members that an object lacks. An empty string counts as lacking, as in Kubernetes. */
final class Defaults {
    private Defaults() {}

    static void put(ObjectNode object, String name, String value) {
        if (object.path(name).asText().isEmpty()) {
            object.put(name, value);
        }
    }

    static void put(ObjectNode object, String name, boolean value) {
        if (!object.has(name)) {
            object.put(name, value);
        }
    }

    /** Also where the value is 0, which Kubernetes does not tell from none. */
    static void putUnlessPositive(ObjectNode object, String name, int value) {
        if (object.path(name).asInt() == 0) {
            object.put(name, value);
        }
    }

    static void put(ObjectNode object, String name, int value) {
        if (!object.has(name)) {
            object.put(name, value);
        }
    }

    static void put(ObjectNode object, String name, JsonNode value) {
        if (!object.has(name)) {
            object.set(name, value.deepCopy());
        }
    }

    /** The object of that name, which is made if there is none. */
    static ObjectNode object(ObjectNode parent, String name) {
        return parent.path(name) instanceof ObjectNode object ? object : parent.putObject(name);
    }

    /** The objects in a list; none if there is no list. */
    static List<ObjectNode> objects(ObjectNode parent, String list) {
        List<ObjectNode> objects = new ArrayList<>();
        for (JsonNode item : parent.path(list)) {
            if (item instanceof ObjectNode object) {
                objects.add(object);
            }
        }
        return objects;
    }
}
