package dev.shiplog.resource.yaml;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.Parser;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A file as a text whose parts have places. It reads what {@link Manifests} reads: several
 * documents, or JSON.
 *
 * @param text without a byte order mark
 * @param json whether it is JSON
 * @param documents in order; what lies between two of them belongs to the later one
 */
public record YamlText(String text, boolean json, List<Document> documents) {
    /**
     * The part of a file from one {@code ---} to the next, or to the end.
     *
     * @param start offset of its {@code ---}, or of the file
     * @param roots its content; none if there are only comments, more than one if {@code ...} is
     *     used to separate
     */
    public record Document(int start, int end, List<YamlPart> roots) {
        public Document {
            roots = List.copyOf(roots);
        }
    }

    public YamlText {
        documents = List.copyOf(documents);
    }

    /**
     * Reads a text.
     *
     * @throws IllegalArgumentException if it is not YAML
     */
    public static YamlText of(String text) {
        boolean json = text.stripLeading().startsWith("{");
        List<Document> documents = new ArrayList<>();
        int start = 0;
        for (int line = 0; line < text.length(); line = nextLine(text, line)) {
            if (line > start && YamlDocuments.separates(text, line)) {
                documents.add(document(text, start, line, json));
                start = line;
            }
        }
        documents.add(document(text, start, text.length(), json));
        return new YamlText(text, json, documents);
    }

    /** Whether a word without quotes is read as a text, and not as a number, boolean or null. */
    public static boolean readsAsText(String word) {
        return new Scalars().resolve(NodeId.scalar, word, true).equals(Tag.STR);
    }

    private static int nextLine(String text, int from) {
        int end = text.indexOf('\n', from);
        return end < 0 ? text.length() : end + 1;
    }

    private static Document document(String text, int start, int end, boolean json) {
        String chunk = text.substring(start, end);
        if (chunk.lines().allMatch(YamlDocuments::isOutside)) {
            return new Document(start, end, List.of());
        }
        try {
            return new Document(start, end, new Reading(text, start, chunk, json).roots());
        } catch (YAMLException e) {
            throw new IllegalArgumentException("expected YAML, found: " + e.getMessage(), e);
        }
    }

    /** Reads one document. */
    private static final class Reading {
        private final String text;
        private final int[] offsets;
        private final Parser parser;
        private final Scalars scalars = new Scalars();
        private final Map<String, YamlPart> anchors = new HashMap<>();

        Reading(String text, int start, String chunk, boolean json) {
            this.text = text;
            StringBuilder read = new StringBuilder(chunk.length());
            offsets = offsets(chunk, start, json, read);
            parser = new ParserImpl(new StreamReader(read.toString()), YamlDocuments.limits());
        }

        /**
         * For each character that the parser counts (a code point of the text that it is given),
         * where it stands in the file. JSON is given to it as {@link YamlDocuments} does.
         */
        private static int[] offsets(String chunk, int start, boolean json, StringBuilder read) {
            int[] offsets = new int[2 * chunk.length() + 1];
            int count = 0;
            for (int i = 0; i < chunk.length(); ) {
                int c = chunk.codePointAt(i);
                if (json && c == '\\' && i + 1 < chunk.length()) {
                    boolean slash = chunk.charAt(i + 1) == '/';
                    String escape = slash ? "\\x2F" : chunk.substring(i, i + 2);
                    for (int k = 0; k < escape.length(); k++) {
                        offsets[count++] = start + i + Math.min(k, 1);
                    }
                    read.append(escape);
                    i += 2;
                } else {
                    offsets[count++] = start + i;
                    read.appendCodePoint(json && c == '\t' ? ' ' : c);
                    i += Character.charCount(c);
                }
            }
            offsets[count] = start + chunk.length();
            return offsets;
        }

        List<YamlPart> roots() {
            List<YamlPart> roots = new ArrayList<>();
            while (!parser.checkEvent(Event.ID.StreamEnd)) {
                Event event = parser.getEvent();
                if (event.is(Event.ID.DocumentStart)) {
                    roots.add(part(parser.getEvent(), 0));
                    anchors.clear();
                }
            }
            return roots;
        }

        private YamlPart part(Event event, int depth) {
            if (depth > YamlDocuments.MAX_DEPTH) {
                throw new YAMLException("it nests too deep");
            }
            return switch (event) {
                case AliasEvent alias -> alias(alias);
                case ScalarEvent scalar -> named(scalar.getAnchor(), scalar(scalar));
                case MappingStartEvent mapping ->
                        named(mapping.getAnchor(), mapping(mapping, depth));
                case SequenceStartEvent sequence ->
                        named(sequence.getAnchor(), sequence(sequence, depth));
                default -> throw new YAMLException("expected a value, found " + event);
            };
        }

        private YamlPart named(@Nullable String anchor, YamlPart part) {
            if (anchor != null) {
                anchors.put(anchor, part);
            }
            return part;
        }

        private YamlPart alias(AliasEvent event) {
            YamlPart target = anchors.get(event.getAnchor());
            if (target == null) {
                throw new YAMLException("the alias " + event.getAnchor() + " has no anchor");
            }
            return new YamlPart.Alias(start(event), end(event), target);
        }

        private YamlPart.Scalar scalar(ScalarEvent event) {
            boolean tagged = event.getTag() != null && !event.getTag().equals("!");
            Tag tag =
                    tagged
                            ? new Tag(event.getTag())
                            : scalars.resolve(
                                    NodeId.scalar,
                                    event.getValue(),
                                    event.getImplicit().canOmitTagInPlainScalar());
            int start = start(event);
            int content =
                    event.getAnchor() == null && event.getTag() == null
                            ? start
                            : behindProperties(start, end(event));
            YamlPart.Style style = style(event.getScalarStyle());
            boolean block = style == YamlPart.Style.LITERAL || style == YamlPart.Style.FOLDED;
            return new YamlPart.Scalar(
                    start,
                    block ? endOfBlock(content, end(event)) : end(event),
                    Optional.ofNullable(event.getAnchor()),
                    content,
                    event.getTag() != null,
                    style,
                    Scalars.value(tag.equals(Tag.MERGE) ? Tag.STR : tag, event.getValue())
                            .orElseGet(JsonNodeFactory.instance::nullNode));
        }

        private static YamlPart.Style style(ScalarStyle style) {
            return switch (style) {
                case SINGLE_QUOTED -> YamlPart.Style.SINGLE_QUOTED;
                case DOUBLE_QUOTED, JSON_SCALAR_STYLE -> YamlPart.Style.DOUBLE_QUOTED;
                case LITERAL -> YamlPart.Style.LITERAL;
                case FOLDED -> YamlPart.Style.FOLDED;
                case PLAIN -> YamlPart.Style.PLAIN;
            };
        }

        private int behindProperties(int from, int end) {
            int at = from;
            while (at < end && (text.charAt(at) == '&' || text.charAt(at) == '!')) {
                while (at < end && !Character.isWhitespace(text.charAt(at))) {
                    at++;
                }
                while (at < end && Character.isWhitespace(text.charAt(at))) {
                    at++;
                }
            }
            return at;
        }

        /** The end of the last line of a block scalar that belongs to its text. */
        private int endOfBlock(int content, int end) {
            int header = lineEnd(content);
            boolean keeps = text.substring(content, header).contains("+");
            int at = end;
            while (at > header && text.charAt(at - 1) != '\n') {
                if (!Character.isWhitespace(text.charAt(at - 1))) {
                    return end;
                }
                at--;
            }
            while (!keeps && at > header) {
                int line = text.lastIndexOf('\n', at - 2) + 1;
                if (!text.substring(line, at).isBlank() || line <= content) {
                    break;
                }
                at = line;
            }
            return Math.max(header, lineBreakBefore(at));
        }

        private int lineEnd(int from) {
            int end = text.indexOf('\n', from);
            return end < 0 ? text.length() : lineBreakBefore(end + 1);
        }

        /** Where the line break that ends there begins. */
        private int lineBreakBefore(int end) {
            int at = end;
            if (at > 0 && text.charAt(at - 1) == '\n') {
                at--;
                if (at > 0 && text.charAt(at - 1) == '\r') {
                    at--;
                }
            }
            return at;
        }

        private YamlPart.Mapping mapping(MappingStartEvent event, int depth) {
            List<YamlPart.Member> members = new ArrayList<>();
            while (!parser.checkEvent(Event.ID.MappingEnd)) {
                YamlPart key = part(parser.getEvent(), depth + 1);
                YamlPart value = part(parser.getEvent(), depth + 1);
                boolean merge =
                        key instanceof YamlPart.Scalar s
                                && s.style() == YamlPart.Style.PLAIN
                                && s.value().asText().equals("<<");
                members.add(new YamlPart.Member(key, key.json().asText(), merge, value));
            }
            Event end = parser.getEvent();
            int last = members.isEmpty() ? start(event) : members.getLast().value().end();
            return new YamlPart.Mapping(
                    start(event),
                    event.isFlow() ? end(end) : last,
                    Optional.ofNullable(event.getAnchor()),
                    event.isFlow(),
                    members);
        }

        private YamlPart.Sequence sequence(CollectionStartEvent event, int depth) {
            List<YamlPart> items = new ArrayList<>();
            while (!parser.checkEvent(Event.ID.SequenceEnd)) {
                items.add(part(parser.getEvent(), depth + 1));
            }
            Event end = parser.getEvent();
            int last = items.isEmpty() ? start(event) : items.getLast().end();
            return new YamlPart.Sequence(
                    start(event),
                    event.isFlow() ? end(end) : last,
                    Optional.ofNullable(event.getAnchor()),
                    event.isFlow(),
                    items);
        }

        private int start(Event event) {
            return offsets[event.getStartMark().getIndex()];
        }

        private int end(Event event) {
            return offsets[event.getEndMark().getIndex()];
        }
    }
}
