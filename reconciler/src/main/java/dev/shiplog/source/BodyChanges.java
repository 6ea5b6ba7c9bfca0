package dev.shiplog.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The leaves in which two JSON documents differ, in the order of their paths. Entries of a list
 * that all have a {@code name} are paired by it, as Kubernetes merges them; others by their index.
 */
final class BodyChanges {
    /**
     * One difference.
     *
     * @param path such as {@code spec.template.spec.containers[web].image}
     * @param before missing if it is new
     * @param after missing if it is gone
     */
    record Change(String path, JsonNode before, JsonNode after) {}

    private final List<Change> changes = new ArrayList<>();

    private BodyChanges() {}

    static List<Change> between(JsonNode before, JsonNode after) {
        BodyChanges result = new BodyChanges();
        result.compare("", before, after);
        return result.changes;
    }

    private void compare(String path, JsonNode before, JsonNode after) {
        if (before.equals(after)) {
            return;
        }
        if (before instanceof ObjectNode b && after instanceof ObjectNode a) {
            members(b, a)
                    .forEach(name ->
                            compare(
                                    path.isEmpty() ? name : path + "." + name,
                                    b.path(name),
                                    a.path(name)));
        } else if (before instanceof ArrayNode b && after instanceof ArrayNode a) {
            Map<String, JsonNode> was = entries(b);
            Map<String, JsonNode> is = entries(a);
            Set<String> names = new TreeSet<>(was.keySet());
            names.addAll(is.keySet());
            for (String name : names) {
                compare(
                        path + "[" + name + "]",
                        was.getOrDefault(name, MissingNode.getInstance()),
                        is.getOrDefault(name, MissingNode.getInstance()));
            }
        } else {
            changes.add(new Change(path, before, after));
        }
    }

    private static Set<String> members(ObjectNode before, ObjectNode after) {
        Set<String> names = new TreeSet<>();
        for (Iterator<String> i = before.fieldNames(); i.hasNext(); ) {
            names.add(i.next());
        }
        for (Iterator<String> i = after.fieldNames(); i.hasNext(); ) {
            names.add(i.next());
        }
        return names;
    }

    private static Map<String, JsonNode> entries(ArrayNode array) {
        Map<String, JsonNode> byName = new LinkedHashMap<>();
        Map<String, JsonNode> byIndex = new LinkedHashMap<>();
        int index = 0;
        for (JsonNode entry : array) {
            if (entry.path("name").isTextual()) {
                byName.put(entry.path("name").asText(), entry);
            }
            byIndex.put(Integer.toString(index++), entry);
        }
        return byName.size() == array.size() ? byName : byIndex;
    }
}
