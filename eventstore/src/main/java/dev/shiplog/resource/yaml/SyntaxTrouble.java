package dev.shiplog.resource.yaml;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

import java.util.Locale;

/** Words the errors of the YAML parser so that the author knows what to do. */
final class SyntaxTrouble {
    /** The parser's words repeat an alias, a tag or a character of the text. */
    private static final String HUSHED =
            "not YAML (what stands here is not repeated: it may belong to a Secret)";

    private SyntaxTrouble() {}

    /**
     * @param confidential whether nothing of the text may be repeated
     */
    static Trouble of(
            MarkedYAMLException e, String chunk, int linesBefore, boolean confidential) {
        Mark mark = e.getProblemMark() == null ? e.getContextMark() : e.getProblemMark();
        if (mark == null) {
            return new Trouble(
                    new Place(linesBefore + 1, 1),
                    confidential ? HUSHED : "not YAML: " + e.getMessage());
        }
        Place place = new Place(linesBefore + mark.getLine() + 1, mark.getColumn() + 1);
        String problem = e.getProblem() == null ? "unreadable" : e.getProblem();
        String message =
                confidential
                        ? HUSHED
                        : "not YAML: " + tidy(problem) + context(e, linesBefore, place);
        return new Trouble(place, message + hint(problem, e.getContext(), line(chunk, mark)));
    }

    static String limit(YAMLException e, boolean confidential) {
        String message = e.getMessage() == null ? "" : e.getMessage();
        String lower = message.toLowerCase(Locale.ROOT);
        if (lower.contains("alias")) {
            return "expected at most %d aliases of mappings and lists in a document, found more"
                    .formatted(YamlDocuments.MAX_ALIASES);
        }
        if (lower.contains("nesting depth")) {
            return "expected mappings and lists to nest at most %d deep, found them deeper"
                    .formatted(YamlDocuments.MAX_DEPTH);
        }
        return confidential
                ? HUSHED
                : "not YAML: " + message.lines().findFirst().orElse("unreadable");
    }

    private static String tidy(String problem) {
        return problem.replace("character '\\t(TAB)'", "a tab")
                .replaceAll("\\.? ?\\(Do not use .+ for indentation\\)", "")
                .replaceAll("'?<block end>'?", "the end of this mapping or list")
                .replaceAll("'?<block mapping start>'?", "a deeper indented key")
                .replaceAll("'?<block sequence start>'?", "a list item")
                .replaceAll("'?<scalar>'?", "a word")
                .replaceAll("'?<(stream|document) end>'?", "the end of the document")
                .replace("Global tag is not allowed: ", "tags are not supported: ")
                .replaceAll("\\s+", " ")
                .strip();
    }

    private static String context(MarkedYAMLException e, int linesBefore, Place problem) {
        if (e.getContext() == null || e.getContextMark() == null) {
            return "";
        }
        int line = linesBefore + e.getContextMark().getLine() + 1;
        return line == problem.line()
                ? " " + e.getContext()
                : " " + e.getContext() + " that begins on line " + line;
    }

    private static String hint(String problem, @Nullable String context, String line) {
        if (line.contains("{{")) {
            return "; this looks like a template: render it before you commit it";
        }
        if (problem.contains("TAB")) {
            return "; YAML is indented by spaces, never by tabs";
        }
        if (problem.contains("mapping values are not allowed")) {
            return "; check the indentation, or put a text that contains \": \" in quotes";
        }
        if (problem.contains("could not find expected ':'")) {
            return "; expected \"key: value\"";
        }
        if (problem.contains("expected <block end>")) {
            return "; check the indentation of this line against the lines above it";
        }
        if (problem.contains("unexpected end of stream")
                && context != null
                && context.contains("quoted")) {
            return "; close the quote";
        }
        if (problem.contains("cannot start any token")) {
            return "; put a text that begins with this character in quotes";
        }
        return "";
    }

    private static String line(String chunk, Mark mark) {
        return chunk.lines().skip(mark.getLine()).findFirst().orElse("");
    }
}
