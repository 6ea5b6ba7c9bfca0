package dev.shiplog.api.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.schema.FieldFacts;
import dev.shiplog.resource.schema.FieldFacts.ListType;
import dev.shiplog.resource.schema.Schema;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Whether ownership can be told of everything that a configuration says. */
final class TypedCheck {
    /** The most problems that one message names. */
    private static final int MAX_PROBLEMS = 20;

    private final List<String> problems = new ArrayList<>();

    private TypedCheck() {}

    /** What stands in the way, in Kubernetes' words; empty if nothing does. */
    static Optional<String> problems(ObjectNode configuration, Schema schema) {
        TypedCheck check = new TypedCheck();
        check.visit("", configuration, schema);
        List<String> found = check.problems;
        return switch (found.size()) {
            case 0 -> Optional.empty();
            case 1 -> Optional.of(found.getFirst());
            default -> Optional.of("errors:\n  " + String.join("\n  ", found));
        };
    }

    private void visit(String path, JsonNode value, Schema schema) {
        if (value instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> member : object.properties()) {
                String at = path + "." + member.getKey();
                if (schema.hasNamedFields() && !schema.declares(member.getKey())) {
                    problem(at + ": field not declared in schema");
                } else {
                    visit(at, member.getValue(), schema.field(member.getKey()));
                }
            }
        } else if (value instanceof ArrayNode list) {
            items(path, list, schema);
        }
    }

    private void items(String path, ArrayNode list, Schema schema) {
        boolean atomic = schema.facts().listType() == ListType.ATOMIC;
        Set<PathElement> seen = new HashSet<>();
        for (int i = 0; i < list.size(); i++) {
            JsonNode item = list.get(i);
            if (atomic) {
                visit(path + "[" + i + "]", item, schema.item());
                continue;
            }
            Optional<PathElement> element = Elements.element(item, schema);
            if (element.isEmpty()) {
                problem(path + ": element " + i + ": " + missingKey(item, schema));
            } else if (!seen.add(element.get())) {
                problem(path + ": duplicate entries for key " + element.get());
            } else {
                visit(path + element.get(), item, schema.item());
            }
        }
    }

    private static String missingKey(JsonNode item, Schema schema) {
        String key =
                schema.facts().keys().stream()
                        .filter(known -> known.fallback().isEmpty() && !item.has(known.name()))
                        .map(FieldFacts.Key::name)
                        .findFirst()
                        .orElse("");
        return "associative list with keys has an element that omits key field \""
                + key
                + "\" (and doesn't have default value)";
    }

    private void problem(String problem) {
        if (problems.size() < MAX_PROBLEMS) {
            problems.add(problem);
        }
    }
}
