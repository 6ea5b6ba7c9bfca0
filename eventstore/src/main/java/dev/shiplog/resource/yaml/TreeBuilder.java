package dev.shiplog.resource.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.yaml.snakeyaml.nodes.AnchorNode;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Turns the nodes of a parsed document into a JSON tree: resolves aliases and merge keys, refuses
 * duplicate keys and tags, and never executes anything.
 */
final class TreeBuilder {
    /**
     * How much larger than its text a document may become by aliases, in characters and values.
     * Without aliases a document never exceeds its text.
     */
    static final int MAX_EXPANSION = 1024 * 1024;

    private static final Set<Tag> TAGS =
            Set.of(Tag.STR, Tag.NULL, Tag.BOOL, Tag.INT, Tag.FLOAT, Tag.MAP, Tag.SEQ, Tag.MERGE);

    private final YamlDocument document;
    private final Troubles problems = new Troubles();
    private final Troubles warnings = new Troubles();
    private long left;
    private boolean exhausted;

    /** Whether a second document seems to begin within this one. */
    private boolean merged;

    TreeBuilder(YamlDocument document) {
        this.document = document;
        this.left = 2L * document.root().getEndMark().getIndex() + MAX_EXPANSION;
    }

    /** The tree; complete only if {@link #problems()} is empty afterwards. */
    JsonNode build() {
        return value(document.root(), 0);
    }

    List<Trouble> problems() {
        return problems.list();
    }

    List<Trouble> warnings() {
        return warnings.list();
    }

    private JsonNode value(Node node, int depth) {
        left--;
        if (left < 0 || depth > YamlDocuments.MAX_DEPTH) {
            return tooLarge(node, depth);
        }
        if (!TAGS.contains(node.getTag())) {
            problem(
                    node,
                    document.confidential()
                            ? "tags are not supported"
                            : "tags such as " + shown(node.getTag()) + " are not supported");
            return JsonNodeFactory.instance.nullNode();
        }
        return switch (node) {
            case ScalarNode scalar -> scalar(scalar);
            case SequenceNode sequence -> sequence(sequence, depth);
            case MappingNode mapping -> mapping(mapping, depth);
            case AnchorNode anchor -> value(anchor.getRealNode(), depth);
            default -> throw new IllegalStateException("unknown node " + node.getNodeId());
        };
    }

    private JsonNode tooLarge(Node node, int depth) {
        if (!exhausted) {
            exhausted = true;
            problem(
                    node,
                    depth > YamlDocuments.MAX_DEPTH
                            ? "expected mappings and lists to nest at most %d deep; does an alias contain itself?"
                                    .formatted(YamlDocuments.MAX_DEPTH)
                            : "the aliases of this document make it more than %,d characters larger"
                                            .formatted(MAX_EXPANSION)
                                    + " than its text");
        }
        return JsonNodeFactory.instance.nullNode();
    }

    private JsonNode scalar(ScalarNode node) {
        left -= node.getValue().length();
        Tag tag = node.getTag().equals(Tag.MERGE) ? Tag.STR : node.getTag();
        Optional<JsonNode> value = Scalars.value(tag, node.getValue());
        if (value.isEmpty()) {
            problem(
                    node,
                    "expected a value that fits %s, found %s"
                            .formatted(
                                    shown(tag),
                                    document.confidential()
                                            ? "something else"
                                            : "\"" + node.getValue() + "\""));
        }
        return value.orElseGet(JsonNodeFactory.instance::nullNode);
    }

    private JsonNode sequence(SequenceNode node, int depth) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode(node.getValue().size());
        for (Node item : node.getValue()) {
            if (exhausted) {
                break;
            }
            list.add(value(item, depth + 1));
        }
        return list;
    }

    private JsonNode mapping(MappingNode node, int depth) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        Map<String, Node> seen = new HashMap<>();
        for (NodeTuple tuple : node.getValue()) {
            if (exhausted) {
                break;
            }
            if (!tuple.getKeyNode().getTag().equals(Tag.MERGE)) {
                member(object, seen, tuple, depth);
            }
        }
        for (NodeTuple tuple : node.getValue()) {
            if (tuple.getKeyNode().getTag().equals(Tag.MERGE) && !exhausted) {
                merge(object, tuple.getValueNode(), depth);
            }
        }
        return object;
    }

    private void member(ObjectNode object, Map<String, Node> seen, NodeTuple tuple, int depth) {
        Optional<String> key = key(tuple.getKeyNode());
        if (key.isEmpty()) {
            return;
        }
        Node first = seen.putIfAbsent(key.get(), tuple.getKeyNode());
        if (first == null) {
            object.set(key.get(), value(tuple.getValueNode(), depth + 1));
        } else if (!merged) {
            // Of two documents run together, every key that both have would be another trouble.
            merged = depth == 0 && key.get().equals("apiVersion");
            problem(
                    tuple.getKeyNode(),
                    "duplicate key \"%s\": it is already at %s%s"
                            .formatted(
                                    key.get(),
                                    document.place(first.getStartMark()),
                                    merged
                                            ? "; two documents of a file are parted by a line ---"
                                            : ""));
        }
    }

    private Optional<String> key(Node node) {
        if (!(node instanceof ScalarNode scalar) || !TAGS.contains(node.getTag())) {
            problem(
                    node,
                    "expected a word as key, found something else; a text that begins with { or [ needs"
                            + " quotes, and a template such as {{ }} must be rendered first");
            return Optional.empty();
        }
        left -= scalar.getValue().length();
        if (scalar.getTag().equals(Tag.NULL)) {
            problem(node, "expected a word as key, found nothing");
            return Optional.empty();
        }
        if (scalar.getTag().equals(Tag.BOOL) && Scalars.surprising(scalar.getValue())) {
            String read =
                    Scalars.value(Tag.BOOL, scalar.getValue()).map(JsonNode::asText).orElse("");
            warnings.add(
                    new Trouble(
                            document.place(node.getStartMark()),
                            "the key %s is read as %s, as kubectl does; put it in quotes"
                                    .formatted(scalar.getValue(), read)));
        }
        return Optional.of(text(scalar));
    }

    /** The name of a member as it is in JSON: {@code 1} is {@code "1"}, {@code yes} "true". */
    static String text(ScalarNode key) {
        return Scalars.value(key.getTag(), key.getValue())
                .map(JsonNode::asText)
                .orElse(key.getValue());
    }

    private void merge(ObjectNode object, Node source, int depth) {
        switch (source) {
            case MappingNode mapping -> {
                JsonNode members = value(mapping, depth + 1);
                members.properties()
                        .forEach(member -> {
                            if (!object.has(member.getKey())) {
                                object.set(member.getKey(), member.getValue());
                            }
                        });
            }
            case SequenceNode sequence when depth <= YamlDocuments.MAX_DEPTH ->
                    sequence.getValue().forEach(item -> merge(object, item, depth + 1));
            default -> problem(source, "expected a mapping to merge, found something else");
        }
    }

    private void problem(Node node, String message) {
        problems.add(new Trouble(document.place(node.getStartMark()), message));
    }

    private static String shown(Tag tag) {
        return tag.getValue().replace(Tag.PREFIX, "!!");
    }
}
