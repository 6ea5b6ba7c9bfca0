package dev.shiplog.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.state.ClusterState;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/** What differs between two states, resource by resource and field by field. */
public final class StateDifference {
    private StateDifference() {}

    /** One resource that differs; no fields when it was created or removed as a whole. */
    public record Entry(ResourceKey key, Change change, List<Field> fields) {}

    /** How a resource differs. */
    public enum Change {
        CREATED,
        REMOVED,
        CHANGED,
        /** The same name, another life: it was removed and made again. */
        REPLACED
    }

    /** A field that differs; {@code null} in JSON where there is none. */
    public record Field(String path, Optional<JsonNode> before, Optional<JsonNode> after) {}

    /**
     * @param withStatus whether a difference in status alone counts
     */
    public static List<Entry> between(ClusterState before, ClusterState after, boolean withStatus) {
        NavigableSet<ResourceKey> keys = new TreeSet<>();
        before.resources().forEach(resource -> keys.add(resource.key()));
        after.resources().forEach(resource -> keys.add(resource.key()));
        List<Entry> entries = new ArrayList<>();
        for (ResourceKey key : keys) {
            if (!key.kind().equals(GroupKind.EVENT)) {
                entry(key, before.resource(key), after.resource(key), withStatus)
                        .ifPresent(entries::add);
            }
        }
        return entries;
    }

    private static Optional<Entry> entry(
            ResourceKey key,
            Optional<Resource> before,
            Optional<Resource> after,
            boolean withStatus) {
        if (before.isEmpty()) {
            return Optional.of(new Entry(key, Change.CREATED, List.of()));
        }
        if (after.isEmpty()) {
            return Optional.of(new Entry(key, Change.REMOVED, List.of()));
        }
        if (before.get().version().equals(after.get().version())) {
            return Optional.empty();
        }
        List<Field> fields = new ArrayList<>();
        compare("", shown(before.get(), withStatus), shown(after.get(), withStatus), fields);
        if (!before.get().uid().equals(after.get().uid())) {
            return Optional.of(new Entry(key, Change.REPLACED, fields));
        }
        return fields.isEmpty()
                ? Optional.empty()
                : Optional.of(new Entry(key, Change.CHANGED, fields));
    }

    private static JsonNode shown(Resource resource, boolean withStatus) {
        ObjectNode document = resource.document().toObject();
        if (document.get("metadata") instanceof ObjectNode metadata) {
            metadata.remove(List.of("resourceVersion", "uid", "generation", "creationTimestamp"));
        }
        if (!withStatus) {
            document.remove("status");
        }
        return document;
    }

    private static void compare(String path, JsonNode before, JsonNode after, List<Field> fields) {
        if (before.equals(after)) {
            return;
        }
        if (before instanceof ObjectNode left && after instanceof ObjectNode right) {
            NavigableSet<String> names = new TreeSet<>();
            left.fieldNames().forEachRemaining(names::add);
            right.fieldNames().forEachRemaining(names::add);
            for (String name : names) {
                compare(
                        path.isEmpty() ? name : path + "." + name,
                        left.path(name),
                        right.path(name),
                        fields);
            }
        } else if (before instanceof ArrayNode left
                && after instanceof ArrayNode right
                && left.size() == right.size()) {
            for (int i = 0; i < left.size(); i++) {
                compare(path + "[" + i + "]", left.get(i), right.get(i), fields);
            }
        } else {
            fields.add(new Field(path, present(before), present(after)));
        }
    }

    private static Optional<JsonNode> present(JsonNode node) {
        return node.isMissingNode() ? Optional.empty() : Optional.of(node);
    }
}
