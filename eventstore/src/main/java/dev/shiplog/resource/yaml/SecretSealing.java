package dev.shiplog.resource.yaml;

import dev.shiplog.resource.secret.SealedText;
import dev.shiplog.resource.secret.SecretDocuments;
import dev.shiplog.resource.secret.ValuePlace;

import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Seals the Secrets of a manifest in its text: only the values change; comments, order and every
 * other document stay as they are.
 */
public final class SecretSealing {
    /** Seals one value. */
    @FunctionalInterface
    public interface Sealer {
        String seal(byte[] plain, ValuePlace place);
    }

    /**
     * The text with its Secrets sealed.
     *
     * @param text as it was where there are problems
     * @param values how many values were sealed
     * @param problems why it could not be sealed; never with a value in them
     */
    public record Result(String text, int values, List<Manifests.Problem> problems) {
        public Result {
            problems = List.copyOf(problems);
        }
    }

    private record Replacement(int start, int end, String text) {}

    private final String path;
    private final String text;
    private final String defaultNamespace;
    private final Sealer sealer;
    private final int[] lines;
    private final List<Replacement> replacements = new ArrayList<>();
    private final List<Manifests.Problem> problems = new ArrayList<>();
    private final Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private int values;

    private SecretSealing(String path, String text, String defaultNamespace, Sealer sealer) {
        this.path = path;
        this.text = text;
        this.defaultNamespace = defaultNamespace;
        this.sealer = sealer;
        this.lines = lineStarts(text);
    }

    /**
     * Seals every plain value of every Secret in a manifest.
     *
     * @param path the file; only for messages
     * @param defaultNamespace of the Secrets that name none
     */
    public static Result seal(String path, byte[] content, String defaultNamespace, Sealer sealer) {
        return switch (SourceText.of(content)) {
            case SourceText.Unreadable(Trouble why) ->
                    new Result(
                            new String(content, StandardCharsets.UTF_8),
                            0,
                            List.of(problem(path, why.place(), why.message())));
            case SourceText.Text(String text) ->
                    new SecretSealing(path, text, defaultNamespace, sealer).result();
        };
    }

    private Result result() {
        List<YamlDocument> documents =
                YamlDocuments.of(
                        text,
                        trouble -> problems.add(problem(path, trouble.place(), trouble.message())));
        documents.forEach(document -> object(document, document.root()));
        if (!problems.isEmpty()) {
            return new Result(text, 0, problems);
        }
        StringBuilder sealed = new StringBuilder(text);
        replacements.sort(Comparator.comparingInt(Replacement::start).reversed());
        for (Replacement replacement : replacements) {
            sealed.replace(replacement.start(), replacement.end(), replacement.text());
        }
        return new Result(sealed.toString(), values, List.of());
    }

    private void object(YamlDocument document, Node node) {
        String kind = scalar(node, "kind");
        if (kind.endsWith("List")
                && member(node, "items").orElse(node) instanceof SequenceNode items) {
            items.getValue().forEach(item -> object(document, item));
        } else if (kind.equals("Secret") && scalar(node, "apiVersion").equals("v1")) {
            secret(document, node);
        }
    }

    private void secret(YamlDocument document, Node node) {
        Node metadata = member(node, "metadata").orElse(node);
        String name = scalar(metadata, "name");
        String namespace = scalar(metadata, "namespace");
        if (name.isEmpty()) {
            problem(
                    document,
                    node,
                    "expected metadata.name, found none: a value is sealed for one name");
            return;
        }
        member(metadata, "annotations")
                .flatMap(annotations -> member(annotations, SecretDocuments.LAST_APPLIED))
                .ifPresent(copy ->
                        problem(
                                document,
                                copy,
                                "the annotation "
                                        + SecretDocuments.LAST_APPLIED
                                        + " repeats the values for all to read: take it out"));
        String in = namespace.isEmpty() ? defaultNamespace : namespace;
        Optional<Node> data = member(node, "data");
        data.ifPresent(values -> values(document, values, in, name, true));
        member(node, "stringData")
                .ifPresent(values -> values(document, values, in, name, false));
        if (data.isEmpty()) {
            renameStringData(document, node);
        }
    }

    /** What is sealed is neither text nor base64: it stands under {@code data}. */
    private void renameStringData(YamlDocument document, Node node) {
        if (node instanceof MappingNode mapping) {
            for (NodeTuple tuple : mapping.getValue()) {
                if (tuple.getKeyNode() instanceof ScalarNode key
                        && key.getValue().equals("stringData")) {
                    replace(document, key, quoted(key) ? "\"data\"" : "data");
                }
            }
        }
    }

    private void values(
            YamlDocument document, Node map, String namespace, String name, boolean base64) {
        if (!(map instanceof MappingNode mapping)) {
            return;
        }
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                continue;
            }
            if (!(tuple.getValueNode() instanceof ScalarNode value)) {
                problem(
                        document,
                        tuple.getValueNode(),
                        "expected a string, found a mapping or a list");
            } else if (!value.getTag().equals(Tag.NULL)) {
                value(document, value, new ValuePlace(namespace, name, key.getValue()), base64);
            }
        }
    }

    private void value(YamlDocument document, ScalarNode node, ValuePlace place, boolean base64) {
        if (SealedText.claimed(node.getValue())) {
            return;
        }
        if (!seen.add(node) || node.getAnchor() != null) {
            problem(
                    document,
                    node,
                    "expected a value written out, found an anchor or an alias: a value is sealed"
                            + " for one key");
            return;
        }
        if (!base64 && !node.getTag().equals(Tag.STR)) {
            problem(document, node, "expected a string, found something else; put it in quotes");
            return;
        }
        Optional<byte[]> plain = plain(node.getValue(), base64);
        if (plain.isEmpty()) {
            problem(
                    document,
                    node,
                    "expected base64 under data, found something else; plain text belongs under"
                            + " stringData");
            return;
        }
        String sealed = sealer.seal(plain.get(), place);
        values++;
        replace(document, node, quoted(node) ? '"' + sealed + '"' : sealed);
    }

    private static Optional<byte[]> plain(String value, boolean base64) {
        if (!base64) {
            return Optional.of(value.getBytes(StandardCharsets.UTF_8));
        }
        try {
            // Line breaks of a folded block are no part of the value.
            return Optional.of(Base64.getDecoder().decode(value.replaceAll("\\s", "")));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static boolean quoted(ScalarNode node) {
        return node.getScalarStyle() == DumperOptions.ScalarStyle.DOUBLE_QUOTED;
    }

    private void replace(YamlDocument document, ScalarNode node, String with) {
        int start = offset(document.place(node.getStartMark()));
        int end = offset(document.place(node.getEndMark()));
        boolean block =
                node.getScalarStyle() == DumperOptions.ScalarStyle.LITERAL
                        || node.getScalarStyle() == DumperOptions.ScalarStyle.FOLDED;
        // A block ends where the next thing begins: its line break stays.
        String rest = block && end > start ? trailing(text.substring(start, end)) : "";
        replacements.add(new Replacement(start, end, with + rest));
    }

    /** What a block scalar's text ends with beside its content: line breaks and comments. */
    private static String trailing(String block) {
        int content = block.stripTrailing().length();
        return block.substring(content);
    }

    private int offset(Place place) {
        int line = lines[Math.min(place.line() - 1, lines.length - 1)];
        int left = place.column() - 1;
        return Math.min(
                text.length(),
                text.offsetByCodePoints(
                        line, Math.min(left, text.codePointCount(line, text.length()))));
    }

    private static int[] lineStarts(String text) {
        List<Integer> starts = new ArrayList<>(List.of(0));
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '\n') {
                starts.add(i + 1);
            }
        }
        return starts.stream().mapToInt(Integer::intValue).toArray();
    }

    /** A member's value; the node itself if it has no such member. */
    private static Optional<Node> member(Node node, String name) {
        if (node instanceof MappingNode mapping) {
            for (NodeTuple tuple : mapping.getValue()) {
                if (tuple.getKeyNode() instanceof ScalarNode key && key.getValue().equals(name)) {
                    return Optional.of(tuple.getValueNode());
                }
            }
        }
        return Optional.empty();
    }

    private static String scalar(Node node, String name) {
        return member(node, name).orElse(node) instanceof ScalarNode scalar
                ? scalar.getValue()
                : "";
    }

    private void problem(YamlDocument document, Node node, String message) {
        problems.add(problem(path, document.place(node.getStartMark()), message));
    }

    private static Manifests.Problem problem(String path, Place place, String message) {
        return new Manifests.Problem(path, place.line(), place.column(), message);
    }
}
