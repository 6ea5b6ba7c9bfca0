package dev.shiplog.resource.yaml;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

import java.util.Locale;

/** Words the errors of the YAML parser so that the author knows what to do. */
final class SyntaxTrouble {
    private SyntaxTrouble() {}

    static Trouble of(MarkedYAMLException e, String chunk, int linesBefore) {
        Mark mark = e.getProblemMark() == null ? e.getContextMark() : e.getProblemMark();
        if (mark == null) {
            return new Trouble(new Place(linesBefore + 1, 1), "not YAML: " + e.getMessage());
        }
        Place place = new Place(linesBefore + mark.getLine() + 1, mark.getColumn() + 1);
        String problem = e.getProblem() == null ? "unreadable" : e.getProblem();
        String message = "not YAML: " + tidy(problem) + context(e, linesBefore, place);
        return new Trouble(place, message + hint(problem, e.getContext(), line(chunk, mark)));
    }

    static String limit(YAMLException e) {
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
        return "not YAML: " + message.lines().findFirst().orElse("unreadable");
    }

    private static String tidy(String problem) {
        return problem.replace("'\\t(TAB)'", "a tab")
                .replace(" (Do not use \\t(TAB) for indentation)", "")
                .replace("<block end>", "the end of this mapping or list")
                .replace("'<block mapping start>'", "a deeper indented key")
                .replace("'<block sequence start>'", "a list item")
                .replace("'<scalar>'", "a word")
                .replace("'<stream end>'", "the end of the file")
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
