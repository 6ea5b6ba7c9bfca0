package dev.shiplog.api.write;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.source.edit.Bookkeeping;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A document without what generators write and people do not: nulls, and empty values of fields
 * that mean nothing empty.
 */
final class Tidied {
    private static final Set<String> EMPTY_MEANS_NOTHING =
            new TreeSet<>(
                    Set.of(
                            "annotations",
                            "finalizers",
                            "labels",
                            "ownerReferences",
                            "resources",
                            "status",
                            "strategy",
                            "updateStrategy"));

    private Tidied() {}

    static ObjectNode of(ObjectNode document) {
        ObjectNode copy = document.deepCopy();
        tidy(copy);
        return copy;
    }

    /** A document without the annotations that never go to Git. */
    static ObjectNode withoutBookkeeping(ObjectNode document) {
        ObjectNode copy = document.deepCopy();
        if (copy.path("metadata").path("annotations") instanceof ObjectNode annotations) {
            List<String> names = new ArrayList<>();
            annotations.fieldNames().forEachRemaining(names::add);
            names.removeIf(name -> !Bookkeeping.holds(name));
            annotations.remove(names);
            if (annotations.isEmpty()) {
                copy.withObject("/metadata").remove("annotations");
            }
        }
        return copy;
    }

    /** A document without members that are null. */
    static ObjectNode withoutNulls(ObjectNode document) {
        ObjectNode copy = document.deepCopy();
        removeNulls(copy);
        return copy;
    }

    private static void removeNulls(JsonNode node) {
        if (node instanceof ObjectNode object) {
            List<String> nulls = new ArrayList<>();
            object.properties().stream()
                    .filter(member -> member.getValue().isNull())
                    .forEach(member -> nulls.add(member.getKey()));
            object.remove(nulls);
        }
        node.forEach(Tidied::removeNulls);
    }

    private static void tidy(JsonNode node) {
        switch (node) {
            case ObjectNode object -> {
                List<String> nothing = new ArrayList<>();
                for (var member : object.properties()) {
                    JsonNode value = member.getValue();
                    tidy(value);
                    if (value.isNull()
                            || (value.isContainerNode()
                                    && value.isEmpty()
                                    && EMPTY_MEANS_NOTHING.contains(member.getKey()))) {
                        nothing.add(member.getKey());
                    }
                }
                object.remove(nothing);
            }
            case ArrayNode list -> list.forEach(Tidied::tidy);
            default -> {
                // A plain value.
            }
        }
    }
}
