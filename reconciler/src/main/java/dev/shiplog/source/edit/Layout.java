package dev.shiplog.source.edit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;

import dev.shiplog.resource.yaml.YamlPart;
import dev.shiplog.resource.yaml.YamlText;

import java.util.ArrayList;
import java.util.List;

/**
 * How a file is laid out, and new text in the same manner.
 *
 * @param unit columns by which an inner mapping stands further right
 * @param indentedLists whether the dashes of a list stand further right than its name
 * @param json whether the file is JSON
 */
record Layout(int unit, boolean indentedLists, boolean json) {
    /** As most manifests are written. */
    static final Layout USUAL = new Layout(2, false, false);

    private static final int MAX_UNIT = 8;

    /**
     * What stands behind a name or a dash.
     *
     * @param head on the same line, with a space before it; empty if there is nothing
     * @param lines below, complete and indented
     */
    record Written(String head, List<String> lines) {
        Written {
            lines = List.copyOf(lines);
        }

        /** The text up to the end of its last line, without a line break there. */
        String text() {
            return lines.isEmpty() ? head : head + "\n" + String.join("\n", lines);
        }
    }

    /** The layout of a document; the usual one where it does not say. */
    static Layout of(YamlText file, YamlPart root) {
        Counts counts = new Counts();
        counts.look(file.text(), root, -1);
        return new Layout(
                counts.unit == 0 ? (file.json() ? 2 : USUAL.unit) : Math.min(counts.unit, MAX_UNIT),
                counts.indented > counts.flush,
                file.json());
    }

    private static final class Counts {
        private int unit;
        private int indented;
        private int flush;

        void look(String text, YamlPart part, int parent) {
            switch (part) {
                case YamlPart.Mapping mapping -> {
                    for (YamlPart.Member member : mapping.members()) {
                        int column = column(text, member.key().start());
                        if (mapping.flow() && !ownLine(text, member.key().start())) {
                            return;
                        }
                        if (parent >= 0 && column > parent && ownLine(text, member.key().start())) {
                            unit = unit == 0 ? column - parent : Math.min(unit, column - parent);
                        }
                        if (member.value() instanceof YamlPart.Sequence list
                                && !list.flow()
                                && !list.items().isEmpty()) {
                            if (column(text, list.start()) > column) {
                                indented++;
                            } else {
                                flush++;
                            }
                        }
                        look(text, member.value(), column);
                    }
                }
                case YamlPart.Sequence sequence ->
                        sequence.items().forEach(item -> look(text, item, -1));
                case YamlPart.Scalar _, YamlPart.Alias _ -> {}
            }
        }
    }

    static int column(String text, int at) {
        return at - (text.lastIndexOf('\n', at - 1) + 1);
    }

    static boolean ownLine(String text, int at) {
        return text.substring(text.lastIndexOf('\n', at - 1) + 1, at).isBlank();
    }

    /**
     * A value behind a name.
     *
     * @param column of the name
     */
    Written member(String name, JsonNode value, int column) {
        return switch (value) {
            case ObjectNode object when !object.isEmpty() ->
                    new Written("", mapping(name, object, column + unit));
            case ArrayNode array when !array.isEmpty() ->
                    new Written("", items(array, indentedLists ? column + unit : column));
            default -> scalar(value, column + unit);
        };
    }

    /**
     * A value behind a dash.
     *
     * @param column of the dash
     */
    Written item(JsonNode value, int column) {
        List<String> lines =
                switch (value) {
                    case ObjectNode object when !object.isEmpty() ->
                            mapping("", object, column + 2);
                    case ArrayNode array when !array.isEmpty() -> items(array, column + 2);
                    default -> List.of();
                };
        return lines.isEmpty()
                ? scalar(value, column + 2)
                : new Written(
                        " " + lines.getFirst().substring(column + 2),
                        lines.subList(1, lines.size()));
    }

    /** The lines of a mapping's members. */
    List<String> mapping(String name, ObjectNode object, int column) {
        List<String> lines = new ArrayList<>();
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        for (String member : KeyOrder.sorted(name, names)) {
            lines.addAll(named(member, object.path(member), column));
        }
        return lines;
    }

    /** The lines of one member. */
    List<String> named(String name, JsonNode value, int column) {
        Written written = member(name, value, column);
        List<String> lines = new ArrayList<>();
        lines.add(" ".repeat(column) + Words.name(name) + ":" + written.head());
        lines.addAll(written.lines());
        return lines;
    }

    /** The lines of a list's items. */
    List<String> items(ArrayNode array, int column) {
        List<String> lines = new ArrayList<>();
        for (JsonNode item : array) {
            lines.addAll(dashed(item, column));
        }
        return lines;
    }

    /** The lines of one item. */
    List<String> dashed(JsonNode value, int column) {
        Written written = item(value, column);
        List<String> lines = new ArrayList<>();
        lines.add(" ".repeat(column) + "-" + written.head());
        lines.addAll(written.lines());
        return lines;
    }

    private static Written scalar(JsonNode value, int column) {
        if (value instanceof TextNode text && Words.fitsLiteral(text.asText())) {
            return literal(text.asText(), column);
        }
        return new Written(
                " "
                        + switch (value) {
                            case ObjectNode _ -> "{}";
                            case ArrayNode _ -> "[]";
                            default -> Words.word(value);
                        },
                List.of());
    }

    /** Text of several lines, as it is. */
    static Written literal(String text, int column) {
        String body = text;
        String chomping = "-";
        if (body.endsWith("\n")) {
            body = body.substring(0, body.length() - 1);
            chomping = body.endsWith("\n") ? "+" : "";
        }
        List<String> lines = new ArrayList<>();
        for (String line : body.split("\n", -1)) {
            lines.add(line.isEmpty() ? "" : " ".repeat(column) + line);
        }
        return new Written(" |" + chomping, lines);
    }

    /**
     * A value within braces or brackets.
     *
     * @param quoted whether names and texts are in double quotes, as in JSON
     * @param column of the line that it begins on, to spread it over lines; -1 for one line
     */
    String flow(String name, JsonNode value, boolean quoted, int column) {
        return switch (value) {
            case ObjectNode object when !object.isEmpty() -> {
                List<String> names = new ArrayList<>();
                object.fieldNames().forEachRemaining(names::add);
                List<String> parts = new ArrayList<>();
                for (String member : KeyOrder.sorted(name, names)) {
                    parts.add(flowMember(member, object.path(member), quoted, inner(column)));
                }
                yield enclosed("{", parts, "}", column);
            }
            case ArrayNode array when !array.isEmpty() -> {
                List<String> parts = new ArrayList<>();
                for (JsonNode item : array) {
                    parts.add(flow("", item, quoted, inner(column)));
                }
                yield enclosed("[", parts, "]", column);
            }
            case ObjectNode _ -> "{}";
            case ArrayNode _ -> "[]";
            default -> quoted ? Words.json(value) : Words.flowWord(value);
        };
    }

    String flowMember(String name, JsonNode value, boolean quoted, int column) {
        return (quoted ? Words.json(TextNode.valueOf(name)) : Words.flowName(name))
                + ": "
                + flow(name, value, quoted, column);
    }

    private int inner(int column) {
        return column < 0 ? -1 : column + unit;
    }

    private String enclosed(String open, List<String> parts, String close, int column) {
        if (column < 0) {
            return open + String.join(", ", parts) + close;
        }
        String indent = "\n" + " ".repeat(column + unit);
        return open + indent + String.join("," + indent, parts) + "\n" + " ".repeat(column) + close;
    }
}
