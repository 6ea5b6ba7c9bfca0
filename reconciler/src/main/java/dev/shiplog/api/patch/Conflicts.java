package dev.shiplog.api.patch;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.api.Status;
import dev.shiplog.resource.Json;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The fields that a configuration would change though others own them. */
final class Conflicts {
    /** By the owner as it is named in messages. */
    private final SortedMap<String, List<List<PathElement>>> paths = new TreeMap<>();

    void add(Ownership.Owner owner, FieldSet fields) {
        if (!fields.isEmpty()) {
            paths.computeIfAbsent(owner.words(), _ -> new ArrayList<>()).addAll(fields.paths());
        }
    }

    boolean isEmpty() {
        return paths.isEmpty();
    }

    /** Leaves out those of some fields. */
    void allow(FieldSet fields) {
        paths.values().forEach(list -> list.removeIf(fields::has));
        paths.values().removeIf(List::isEmpty);
    }

    /** 409, with a cause for each field. */
    Status status() {
        ObjectNode details = JsonNodeFactory.instance.objectNode();
        ArrayNode causes = details.putArray("causes");
        paths.forEach((owner, fields) -> {
            for (List<PathElement> path : fields) {
                ObjectNode cause = causes.addObject();
                cause.put("reason", "FieldManagerConflict");
                cause.put("message", "conflict with " + owner);
                cause.put("field", written(path));
            }
        });
        return new Status(409, "Conflict", message(causes.size()), Json.of(details));
    }

    private String message(int count) {
        if (count == 1) {
            String owner = paths.firstKey();
            List<PathElement> path = paths.sequencedValues().getFirst().getFirst();
            return "Apply failed with 1 conflict: conflict with " + owner + ": " + written(path);
        }
        List<String> lines = new ArrayList<>();
        paths.forEach((owner, fields) -> {
            lines.add("conflicts with " + owner + ":");
            fields.forEach(path -> lines.add("- " + written(path)));
        });
        return "Apply failed with " + count + " conflicts: " + String.join("\n", lines);
    }

    private static String written(List<PathElement> path) {
        return path.stream().map(PathElement::toString).collect(Collectors.joining());
    }
}
