package dev.shiplog.resource.yaml;

import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Splits a file into documents and parses each by itself, so that a slip in one does not hide the
 * others. YAML marks documents by {@code ---} at the beginning of a line, whatever is around it.
 */
final class YamlDocuments {
    /** How deep mappings and lists may nest. */
    static final int MAX_DEPTH = 64;

    /** How often a document may repeat a mapping or a list by an alias. */
    static final int MAX_ALIASES = 50;

    private static final Pattern ESCAPE = Pattern.compile("\\\\.");

    /**
     * What may be a Secret, however broken it is. Problems are printed, kept in the log and shown
     * to others: better one that says too little than one that repeats a password.
     */
    private static final Pattern SECRET =
            Pattern.compile("\\b(secrets?|stringData)\\b", Pattern.CASE_INSENSITIVE);

    private final String text;
    private final Consumer<Trouble> problems;
    private final List<YamlDocument> documents = new ArrayList<>();

    private YamlDocuments(String text, Consumer<Trouble> problems) {
        this.text = text;
        this.problems = problems;
    }

    /** The documents of a text. What cannot be parsed goes to {@code problems}. */
    static List<YamlDocument> of(String text, Consumer<Trouble> problems) {
        boolean json = text.stripLeading().startsWith("{");
        YamlDocuments reader = new YamlDocuments(json ? asYaml(text) : text, problems);
        reader.split();
        return reader.documents;
    }

    /**
     * JSON as YAML 1.1 understands it. JSON may be indented by tabs, which mean nothing outside
     * strings and are not allowed in them; and it may escape a slash. Columns move only behind such
     * an escape.
     */
    private static String asYaml(String json) {
        String text = json.replace('\t', ' ');
        return text.contains("\\/")
                ? ESCAPE.matcher(text)
                        .replaceAll(escape ->
                                escape.group().equals("\\/")
                                        ? "\\\\x2F"
                                        : Matcher.quoteReplacement(escape.group()))
                : text;
    }

    private void split() {
        int chunkStart = 0;
        int chunkLine = 0;
        int line = 0;
        int lineStart = 0;
        while (lineStart < text.length()) {
            if (lineStart > chunkStart && separates(lineStart)) {
                parse(text.substring(chunkStart, lineStart), chunkLine);
                chunkStart = lineStart;
                chunkLine = line;
            }
            int end = text.indexOf('\n', lineStart);
            lineStart = end < 0 ? text.length() : end + 1;
            line++;
        }
        parse(text.substring(chunkStart), chunkLine);
    }

    private boolean separates(int lineStart) {
        return separates(text, lineStart);
    }

    /** Whether a document of its own begins with the line that begins there. */
    static boolean separates(String text, int lineStart) {
        if (!text.startsWith("---", lineStart)) {
            return false;
        }
        int after = lineStart + 3;
        return after >= text.length() || Character.isWhitespace(text.charAt(after));
    }

    private void parse(String chunk, int linesBefore) {
        if (chunk.lines().allMatch(YamlDocuments::isOutside)) {
            return;
        }
        boolean confidential = SECRET.matcher(chunk).find();
        try {
            LoaderOptions limits = limits();
            Composer composer =
                    new Composer(
                            new ParserImpl(new StreamReader(chunk), limits), new Scalars(), limits);
            while (composer.checkNode()) {
                Node root = composer.getNode();
                documents.add(new YamlDocument(root, linesBefore, confidential));
            }
        } catch (MarkedYAMLException e) {
            problems.accept(SyntaxTrouble.of(e, chunk, linesBefore, confidential));
        } catch (YAMLException e) {
            problems.accept(
                    new Trouble(
                            firstWord(chunk, linesBefore), SyntaxTrouble.limit(e, confidential)));
        }
    }

    /** Whether a line alone makes no document: blank, a comment, a separator or a directive. */
    static boolean isOutside(String line) {
        String content = line.strip();
        return content.isEmpty()
                || content.startsWith("#")
                || content.equals("---")
                || content.equals("...")
                || line.startsWith("%");
    }

    private static Place firstWord(String chunk, int linesBefore) {
        int line = linesBefore + 1;
        for (String content : chunk.lines().toList()) {
            if (!isOutside(content)) {
                break;
            }
            line++;
        }
        return new Place(line, 1);
    }

    static LoaderOptions limits() {
        LoaderOptions options = new LoaderOptions();
        options.setMaxAliasesForCollections(MAX_ALIASES);
        options.setNestingDepthLimit(MAX_DEPTH);
        options.setCodePointLimit(SourceText.MAX_FILE_BYTES);
        options.setAllowRecursiveKeys(false);
        return options;
    }
}
