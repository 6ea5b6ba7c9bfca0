package dev.shiplog.resource.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Words the error for a field that does not exist, and guesses how it came about: a slip of the
 * keyboard, or an indentation that was lost.
 */
final class UnknownField {
    /** How many levels below an empty neighbour a lost field is looked for. */
    private static final int MAX_DEPTH = 4;

    private UnknownField() {}

    static String message(FieldPath parent, ObjectNode object, Shape.Fields shape, String name) {
        String message = "unknown field \"" + parent.child(name) + "\"";
        String home = lostHome(object, shape, name);
        if (home != null) {
            return message + "; check the indentation: it belongs under \"" + home + "\"";
        }
        String spelling = Spelling.hint(name, absent(object, shape));
        if (!spelling.isEmpty()) {
            return message + spelling;
        }
        String before = emptyNeighbour(object, name);
        if (before == null) {
            before = home(shape, name, _ -> true);
        }
        return before == null
                ? message
                : message + "; check the indentation: does it belong under \"" + before + "\"?";
    }

    private static List<String> absent(ObjectNode object, Shape.Fields shape) {
        List<String> names = new ArrayList<>();
        for (String candidate : shape.members().keySet()) {
            if (!object.has(candidate)) {
                names.add(candidate);
            }
        }
        return names;
    }

    /** The nearest place below a neighbour without content that has a field of this name. */
    private static @Nullable String lostHome(ObjectNode object, Shape.Fields shape, String name) {
        return home(
                shape,
                name,
                neighbour -> {
                    JsonNode value = object.get(neighbour);
                    return value != null && value.isNull();
                });
    }

    /** The nearest place below some of the fields of a shape that has a field of this name. */
    private static @Nullable String home(
            Shape.Fields shape, String name, Predicate<String> neighbours) {
        Deque<Place> open = new ArrayDeque<>();
        shape.members()
                .forEach((neighbour, inner) -> {
                    if (neighbours.test(neighbour) && !neighbour.equals("status")) {
                        open.add(new Place(neighbour, inner, 1));
                    }
                });
        while (!open.isEmpty()) {
            Place place = open.remove();
            Map<String, Shape> members = place.members();
            if (members.containsKey(name)) {
                return place.here();
            }
            if (place.depth() < MAX_DEPTH) {
                members.forEach((member, inner) -> open.add(place.inner(member, inner)));
            }
        }
        return null;
    }

    private static @Nullable String emptyNeighbour(ObjectNode object, String name) {
        String before = null;
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            if (member.getKey().equals(name)) {
                return before;
            }
            before = member.getValue().isNull() ? member.getKey() : null;
        }
        return null;
    }

    private record Place(String path, Shape shape, int depth) {
        Map<String, Shape> members() {
            return switch (shape) {
                case Shape.Fields fields -> fields.members();
                case Shape.Items(Shape.Fields fields) -> fields.members();
                case Shape.Items _, Shape.Mapping _, Shape.OneOf _, Shape.Scalar _ -> Map.of();
            };
        }

        Place inner(String member, Shape inner) {
            return new Place(here() + "." + member, inner, depth + 1);
        }

        String here() {
            return shape instanceof Shape.Items ? path + "[]" : path;
        }
    }
}
