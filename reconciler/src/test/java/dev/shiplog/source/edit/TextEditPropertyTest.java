package dev.shiplog.source.edit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.Json;
import dev.shiplog.resource.yaml.YamlPart;
import dev.shiplog.resource.yaml.YamlText;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;

/** Random documents in random layouts, changed at random: read back, they mean what was wanted. */
class TextEditPropertyTest {
    private static final int DOCUMENTS = 4_000;

    private static final List<String> WORDS =
            List.of(
                    "web",
                    "yes",
                    "8080",
                    "1.20",
                    "a: b",
                    "# no",
                    "it's",
                    "say \"hi\"",
                    "",
                    "null",
                    "nginx:1.27",
                    "- x",
                    "two\nlines\n",
                    "no\nend",
                    "tail\n\n",
                    " lead",
                    "ünï 😀",
                    "*star",
                    "&and",
                    "{{ x }}",
                    "2026-01-01",
                    "~",
                    "path/to",
                    "a #b",
                    "true",
                    "0x1f",
                    "a\tb",
                    "back\\slash",
                    "trailing:",
                    "1e3",
                    "@at",
                    "%p",
                    "!x",
                    "x,y",
                    "[z]");

    private static final List<String> NAMES =
            List.of(
                    "name",
                    "image",
                    "labels",
                    "spec",
                    "ports",
                    "env",
                    "app",
                    "data",
                    "x/y",
                    "key1",
                    "replicas",
                    "args",
                    "on",
                    "zz");

    @Test
    void whatIsWrittenIsWhatWasWanted() throws Exception {
        int exact = 0;
        List<String> unable = new ArrayList<>();
        for (int seed = 0; seed < DOCUMENTS; seed++) {
            Random random = new Random(seed);
            ObjectNode before = object(random, 0);
            String text = written(random, before);
            JsonNode wanted = Json.of(changed(random, before, 0)).toNode();
            if (wanted.isEmpty()) {
                continue;
            }
            YamlPart part = YamlText.of(text).documents().getLast().roots().getFirst();
            assertEquals(Json.of(before).toNode(), part.json(), "seed " + seed + "\n" + text);
            Layout layout = Layout.of(YamlText.of(text), part);
            String edited;
            try {
                edited = TextEdit.apply(text, part, wanted, layout);
            } catch (TextEdit.Unable e) {
                unable.add("seed " + seed + ": " + e.getMessage() + "\n" + text + "\n" + wanted);
                continue;
            }
            JsonNode read = YamlText.of(edited).documents().getLast().roots().getFirst().json();
            // A text that ends in a line break needs one at the end of the file.
            if (!text.endsWith("\n") && !read.equals(wanted)) {
                edited = TextEdit.apply(text + "\n", part, wanted, layout);
                read = YamlText.of(edited).documents().getLast().roots().getFirst().json();
            }
            assertEquals(
                    wanted,
                    read,
                    "seed " + seed + "\n--- before\n" + text + "\n--- after\n" + edited);
            exact++;
        }
        assertTrue(exact > DOCUMENTS * 9 / 10);
        assertTrue(
                unable.size() * 100 < DOCUMENTS,
                () -> unable.size() + " of " + DOCUMENTS + "\n" + unable.getFirst());
    }

    @Test
    void nothingWantedIsNothingChanged() throws Exception {
        for (int seed = 0; seed < DOCUMENTS / 4; seed++) {
            Random random = new Random(seed);
            String text = written(random, object(random, 0));
            YamlPart part = YamlText.of(text).documents().getLast().roots().getFirst();
            assertEquals(text, TextEdit.apply(text, part, part.json(), Layout.USUAL));
        }
    }

    @Test
    void oneChangedScalarLeavesEveryOtherLineAndCommentAlone() throws Exception {
        for (int seed = 0; seed < DOCUMENTS / 2; seed++) {
            Random random = new Random(seed);
            ObjectNode before = object(random, 0);
            before.put("target", 1);
            String text = written(random, before);
            ObjectNode wanted = before.deepCopy();
            wanted.put("target", 2);
            YamlPart part = YamlText.of(text).documents().getLast().roots().getFirst();
            String edited = TextEdit.apply(text, part, wanted, Layout.of(YamlText.of(text), part));
            List<String> old = text.lines().toList();
            List<String> now = edited.lines().toList();
            assertEquals(old.size(), now.size(), "seed " + seed + "\n" + edited);
            int changed = 0;
            for (int i = 0; i < old.size(); i++) {
                if (!old.get(i).equals(now.get(i))) {
                    changed++;
                }
            }
            assertEquals(1, changed, "seed " + seed + "\n" + edited);
        }
    }

    @Test
    void anAddedMemberKeepsEveryLine() throws Exception {
        for (int seed = 0; seed < DOCUMENTS / 2; seed++) {
            Random random = new Random(seed);
            ObjectNode before = object(random, 0);
            String text = Printer.block(random, before);
            ObjectNode wanted = before.deepCopy();
            wanted.set("added", value(random, 1));
            YamlPart part = YamlText.of(text).documents().getLast().roots().getFirst();
            String edited = TextEdit.apply(text, part, wanted, Layout.of(YamlText.of(text), part));
            Iterator<String> now = edited.lines().iterator();
            for (String line : text.lines().toList()) {
                boolean found = false;
                while (!found && now.hasNext()) {
                    found = now.next().equals(line);
                }
                assertTrue(found, "seed " + seed + ": lost \"" + line + "\" in\n" + edited);
            }
        }
    }

    private static String written(Random random, ObjectNode object) {
        return switch (random.nextInt(5)) {
            case 0 -> Json.of(object).toString();
            case 1 -> object.toPrettyString() + "\n";
            default -> Printer.block(random, object);
        };
    }

    private static ObjectNode object(Random random, int depth) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        int members = 1 + random.nextInt(5);
        for (int i = 0; i < members; i++) {
            object.set(NAMES.get(random.nextInt(NAMES.size())), value(random, depth + 1));
        }
        return object;
    }

    private static JsonNode value(Random random, int depth) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return switch (random.nextInt(depth > 3 ? 4 : 8)) {
            case 0 -> nodes.numberNode(random.nextInt(100));
            case 1 -> nodes.booleanNode(random.nextBoolean());
            case 2 -> random.nextInt(4) == 0 ? nodes.nullNode() : nodes.textNode(word(random));
            case 3 -> nodes.textNode(word(random));
            case 4, 5 -> object(random, depth);
            default -> list(random, depth);
        };
    }

    private static ArrayNode list(Random random, int depth) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        int kind = random.nextInt(3);
        int size = random.nextInt(4);
        for (int i = 0; i < size; i++) {
            switch (kind) {
                case 0 -> list.add(word(random));
                case 1 -> {
                    ObjectNode named = object(random, depth + 1);
                    named.put("name", "n" + i);
                    list.add(named);
                }
                default -> list.add(value(random, depth + 1));
            }
        }
        return list;
    }

    private static String word(Random random) {
        return WORDS.get(random.nextInt(WORDS.size()));
    }

    private static JsonNode changed(Random random, JsonNode node, int depth) {
        return switch (node) {
            case ObjectNode object -> {
                ObjectNode copy = JsonNodeFactory.instance.objectNode();
                object.properties()
                        .forEach(member -> {
                            int dice = random.nextInt(8);
                            if (dice == 0 && depth + object.size() > 1) {
                                return;
                            }
                            copy.set(
                                    member.getKey(),
                                    dice == 1
                                            ? value(random, depth + 1)
                                            : changed(random, member.getValue(), depth + 1));
                        });
                if (random.nextInt(4) == 0) {
                    copy.set(NAMES.get(random.nextInt(NAMES.size())), value(random, depth + 1));
                }
                yield copy;
            }
            case ArrayNode array -> {
                List<JsonNode> items = new ArrayList<>();
                array.forEach(item -> {
                    int dice = random.nextInt(8);
                    if (dice != 0) {
                        items.add(
                                dice == 1
                                        ? value(random, depth + 1)
                                        : changed(random, item, depth + 1));
                    }
                });
                if (random.nextInt(4) == 0) {
                    items.add(random.nextInt(items.size() + 1), value(random, depth + 1));
                }
                if (items.size() > 1 && random.nextInt(8) == 0) {
                    items.add(items.removeFirst());
                }
                ArrayNode copy = JsonNodeFactory.instance.arrayNode();
                items.forEach(copy::add);
                yield copy;
            }
            default -> random.nextInt(6) == 0 ? value(random, 4) : node;
        };
    }

    /** Writes block style as people do: comments, blank lines, several indents, CRLF, quotes. */
    private static final class Printer {
        private final Random random;
        private final int unit;
        private final int listIndent;
        private final boolean comments;

        private Printer(Random random) {
            this.random = random;
            this.unit = random.nextInt(3) == 0 ? 4 : 2;
            this.listIndent = random.nextBoolean() ? unit : 0;
            this.comments = random.nextBoolean();
        }

        static String block(Random random, ObjectNode object) {
            Printer printer = new Printer(random);
            StringBuilder out = new StringBuilder();
            if (random.nextInt(4) == 0) {
                out.append("# the file\n\n---\n");
            }
            printer.members(out, object, 0, false);
            String text = out.toString();
            if (random.nextInt(6) == 0) {
                text = text.replace("\n", "\r\n");
            }
            return random.nextInt(6) == 0
                            && !text.endsWith("\n\n")
                            && !text.endsWith("\r\n")
                            && !text.contains("|")
                    ? text.substring(0, text.length() - 1)
                    : text;
        }

        private void members(StringBuilder out, ObjectNode object, int column, boolean dashed) {
            boolean first = dashed;
            for (var member : object.properties()) {
                if (!first && comments && random.nextInt(5) == 0) {
                    out.append(random.nextInt(3) == 0 && out.indexOf("|+") < 0 ? "\n" : "");
                    out.append(" ".repeat(column)).append("# about ").append("it\n");
                }
                out.append(first ? "" : " ".repeat(column));
                first = false;
                out.append(Words.name(member.getKey())).append(':');
                value(out, member.getValue(), column, listIndent);
            }
        }

        private void value(StringBuilder out, JsonNode value, int column, int lists) {
            switch (value) {
                case ObjectNode object when !object.isEmpty() -> {
                    if (random.nextInt(6) == 0) {
                        out.append(' ')
                                .append(Layout.USUAL.flow("", object, random.nextBoolean(), -1));
                        comment(out);
                    } else {
                        comment(out);
                        members(out, object, column + unit, false);
                    }
                }
                case ArrayNode array when !array.isEmpty() -> {
                    if (random.nextInt(6) == 0) {
                        out.append(' ')
                                .append(Layout.USUAL.flow("", array, random.nextBoolean(), -1));
                        comment(out);
                    } else {
                        comment(out);
                        items(out, array, column + lists);
                    }
                }
                default -> scalar(out, value, column + unit);
            }
        }

        private void items(StringBuilder out, ArrayNode array, int column) {
            for (JsonNode item : array) {
                if (comments && random.nextInt(6) == 0) {
                    out.append(" ".repeat(column)).append("# an item\n");
                }
                out.append(" ".repeat(column)).append('-');
                if (item instanceof ObjectNode object && !object.isEmpty()) {
                    out.append(' ');
                    members(out, object, column + 2, true);
                } else if (item instanceof ArrayNode inner && !inner.isEmpty()) {
                    out.append(' ').append(Layout.USUAL.flow("", inner, false, -1));
                    comment(out);
                } else {
                    scalar(out, item, column + 2);
                }
            }
        }

        private void scalar(StringBuilder out, JsonNode value, int column) {
            if (value.isTextual() && Words.fitsLiteral(value.asText()) && random.nextInt(4) > 0) {
                out.append(Layout.literal(value.asText(), column).text()).append('\n');
                return;
            }
            if (value.isNull() && random.nextBoolean()) {
                comment(out);
                return;
            }
            out.append(' ');
            out.append(
                    value.isTextual() && random.nextInt(3) == 0
                            ? Words.like(
                                    random.nextBoolean()
                                            ? YamlPart.Style.SINGLE_QUOTED
                                            : YamlPart.Style.DOUBLE_QUOTED,
                                    value,
                                    false)
                            : value.isContainerNode() ? value.toString() : Words.word(value));
            comment(out);
        }

        private void comment(StringBuilder out) {
            out.append(comments && random.nextInt(6) == 0 ? "  # why\n" : "\n");
        }
    }
}
