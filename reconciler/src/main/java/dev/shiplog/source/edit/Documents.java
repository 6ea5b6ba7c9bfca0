package dev.shiplog.source.edit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.kind.Admission;
import dev.shiplog.resource.kind.DefaultTolerations;
import dev.shiplog.resource.kind.Kind;
import dev.shiplog.resource.schema.Findings;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a document has to say, of all that could be said. Pure functions of trees. */
final class Documents {
    /** How often defaults are tried; each time more is said. */
    private static final int MAX_ROUNDS = 6;

    private Documents() {}

    /**
     * A document with a difference carried into it.
     *
     * @param document what the file says, without what it leaves to defaults
     * @param from the complete document that the file means
     * @param to the complete document that it is to mean
     * @param added collects the nodes of the result that the file did not have
     */
    static JsonNode carried(JsonNode document, JsonNode from, JsonNode to, Set<JsonNode> added) {
        if (from.equals(to)) {
            return document;
        }
        if (document instanceof ObjectNode said
                && from instanceof ObjectNode before
                && to instanceof ObjectNode after) {
            return members(said, before, after, added);
        }
        if (document instanceof ArrayNode said
                && from instanceof ArrayNode before
                && to instanceof ArrayNode after
                && said.size() == before.size()) {
            return items(said, before, after, added);
        }
        return fresh(to, added);
    }

    private static ObjectNode members(
            ObjectNode said, ObjectNode before, ObjectNode after, Set<JsonNode> added) {
        ObjectNode result = said.deepCopy();
        said.properties().forEach(member -> result.set(member.getKey(), member.getValue()));
        Set<String> names = new TreeSet<>();
        before.fieldNames().forEachRemaining(names::add);
        after.fieldNames().forEachRemaining(names::add);
        for (String name : names) {
            JsonNode is = before.path(name);
            JsonNode wanted = after.path(name);
            if (wanted.isMissingNode()) {
                result.remove(name);
            } else if (!is.equals(wanted)) {
                result.set(
                        name,
                        said.has(name)
                                ? carried(said.get(name), is, wanted, added)
                                : fresh(wanted, added));
            }
        }
        return result;
    }

    private static ArrayNode items(
            ArrayNode said, ArrayNode before, ArrayNode after, Set<JsonNode> added) {
        List<JsonNode> from = new ArrayList<>();
        before.forEach(from::add);
        List<JsonNode> to = new ArrayList<>();
        after.forEach(to::add);
        int[] partners = Alignment.of(from, to);
        ArrayNode result = JsonNodeFactory.instance.arrayNode(to.size());
        for (int j = 0; j < partners.length; j++) {
            int i = partners[j];
            result.add(
                    i < 0
                            ? fresh(to.get(j), added)
                            : carried(said.get(i), from.get(i), to.get(j), added));
        }
        return result;
    }

    private static JsonNode fresh(JsonNode node, Set<JsonNode> added) {
        JsonNode copy = node.deepCopy();
        added.add(copy);
        return copy;
    }

    /** For {@link #carried}: nodes are told apart by identity. */
    static Set<JsonNode> nodes() {
        return Collections.newSetFromMap(new IdentityHashMap<>());
    }

    /**
     * A document without what Kubernetes would fill in again.
     *
     * @param added only what lies in these nodes may be left out
     */
    static ObjectNode spare(Kind kind, ObjectNode whole, Set<JsonNode> added) {
        ObjectNode document = withoutGivenTolerations(kind, whole, added);
        Map<String, Leaf> spared = new TreeMap<>();
        for (Map.Entry<String, JsonNode> member : document.properties()) {
            if (!Set.of("apiVersion", "kind", "metadata").contains(member.getKey())) {
                leaves(
                        document,
                        member.getKey(),
                        member.getValue(),
                        added.contains(document) || added.contains(member.getValue()),
                        added,
                        List.of(member.getKey()),
                        spared);
            }
        }
        labels(document, added, spared);
        if (spared.isEmpty()) {
            return document;
        }
        ObjectNode full = completed(kind, document);
        ObjectNode skeleton = completed(kind, without(document, spared));
        Map<String, Leaf> needed = new TreeMap<>(spared);
        spared.values().removeIf(leaf -> at(skeleton, leaf.path()).isMissingNode());
        ObjectNode shorter = shorter(kind, document, full, spared);
        if (spared.isEmpty()) {
            return shorter;
        }
        // What is only filled in beside something that has to be said.
        needed.keySet().removeAll(spared.keySet());
        // People always say what a controller selects.
        needed.values().removeIf(leaf -> leaf.path().contains("selector"));
        for (Map.Entry<String, Leaf> leaf : needed.entrySet()) {
            ObjectNode without = without(shorter, Map.of(leaf.getKey(), leaf.getValue()));
            if (completed(kind, without).equals(full)) {
                shorter = without;
            }
        }
        return shorter;
    }

    /** Defaults that are whole items of a list which may hold others. */
    private static ObjectNode withoutGivenTolerations(
            Kind kind, ObjectNode document, Set<JsonNode> added) {
        if (!(document.path("spec") instanceof ObjectNode spec)
                || !(spec.path("tolerations") instanceof ArrayNode all)) {
            return document;
        }
        boolean free = added.contains(document) || added.contains(spec) || added.contains(all);
        ArrayNode kept = JsonNodeFactory.instance.arrayNode();
        for (JsonNode toleration : all) {
            if (!DefaultTolerations.given(toleration) || !(free || added.contains(toleration))) {
                kept.add(toleration);
            }
        }
        ObjectNode shortSpec = JsonNodeFactory.instance.objectNode();
        spec.properties().forEach(member -> shortSpec.set(member.getKey(), member.getValue()));
        shortSpec.remove("tolerations");
        if (!kept.isEmpty()) {
            shortSpec.set("tolerations", kept);
        }
        ObjectNode shorter = JsonNodeFactory.instance.objectNode();
        document.properties().forEach(member -> shorter.set(member.getKey(), member.getValue()));
        shorter.set("spec", shortSpec);
        if (!completed(kind, shorter).equals(completed(kind, document))) {
            return document;
        }
        // The same nodes by another name: what may be left out of them is as it was.
        if (added.contains(document)) {
            added.add(shorter);
        }
        if (added.contains(spec)) {
            added.add(shortSpec);
        }
        if (added.contains(all)) {
            added.add(kept);
        }
        return shorter;
    }

    /** Leaves as much out as can be; {@code spared} is then what was left out. */
    private static ObjectNode shorter(
            Kind kind, ObjectNode document, ObjectNode full, Map<String, Leaf> spared) {
        for (int round = 0; round < MAX_ROUNDS && !spared.isEmpty(); round++) {
            ObjectNode shorter = without(document, spared);
            ObjectNode restored = completed(kind, shorter);
            if (restored.equals(full)) {
                return shorter;
            }
            boolean fewer =
                    spared.values()
                            .removeIf(leaf ->
                                    !at(restored, leaf.path()).equals(at(full, leaf.path())));
            if (!fewer) {
                break;
            }
        }
        spared.clear();
        return document;
    }

    /**
     * Of metadata, only labels that Kubernetes itself puts on: a namespace's name, and a
     * controller's from its template.
     */
    private static void labels(ObjectNode document, Set<JsonNode> added, Map<String, Leaf> leaves) {
        JsonNode labels = document.path("metadata").path("labels");
        JsonNode template = document.at("/spec/template/metadata/labels");
        boolean copied = !labels.isEmpty() && labels.equals(template);
        for (Map.Entry<String, JsonNode> label : labels.properties()) {
            boolean free =
                    added.contains(document)
                            || added.contains(document.path("metadata"))
                            || added.contains(labels)
                            || added.contains(label.getValue());
            if (free && (copied || label.getKey().startsWith("kubernetes.io/"))) {
                List<Object> path = List.of("metadata", "labels", label.getKey());
                leaves.put(path.toString(), new Leaf(path));
            }
        }
    }

    /** A value that could be left out. */
    private record Leaf(List<Object> path) {}

    private static void leaves(
            JsonNode parent,
            String name,
            JsonNode value,
            boolean free,
            Set<JsonNode> added,
            List<Object> path,
            Map<String, Leaf> leaves) {
        boolean open = free || added.contains(value);
        if (value instanceof ObjectNode object && !object.isEmpty()) {
            object.properties()
                    .forEach(member ->
                            leaves(
                                    object,
                                    member.getKey(),
                                    member.getValue(),
                                    open,
                                    added,
                                    joined(path, member.getKey()),
                                    leaves));
        } else if (value instanceof ArrayNode array && !array.isEmpty() && !ofWords(array)) {
            for (int i = 0; i < array.size(); i++) {
                leaves(array, name, array.get(i), open, added, joined(path, i), leaves);
            }
        } else if (open && parent.isObject() && !name.equals("emptyDir")) {
            leaves.put(path.toString(), new Leaf(path));
        }
    }

    /** Such a list is said, or not, as one. */
    private static boolean ofWords(ArrayNode array) {
        for (JsonNode item : array) {
            if (!item.isValueNode()) {
                return false;
            }
        }
        return true;
    }

    private static List<Object> joined(List<Object> path, Object step) {
        List<Object> longer = new ArrayList<>(path);
        longer.add(step);
        return List.copyOf(longer);
    }

    private static JsonNode at(JsonNode root, List<Object> path) {
        JsonNode node = root;
        for (Object step : path) {
            node = step instanceof Integer index ? node.path(index) : node.path((String) step);
        }
        return node;
    }

    private static ObjectNode without(ObjectNode document, Map<String, Leaf> leaves) {
        ObjectNode copy = document.deepCopy();
        for (Leaf leaf : leaves.values()) {
            List<Object> path = leaf.path();
            while (!path.isEmpty() && path.getLast() instanceof String name) {
                List<Object> parent = path.subList(0, path.size() - 1);
                if (!(at(copy, parent) instanceof ObjectNode object)) {
                    break;
                }
                object.remove(name);
                if (!object.isEmpty()) {
                    break;
                }
                path = parent;
            }
        }
        return copy;
    }

    private static ObjectNode completed(Kind kind, ObjectNode document) {
        ObjectNode copy = document.deepCopy();
        Admission.admit(kind, copy, "default", new Findings());
        return copy;
    }
}
