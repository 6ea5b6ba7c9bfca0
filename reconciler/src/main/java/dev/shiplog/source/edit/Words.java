package dev.shiplog.source.edit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;

import dev.shiplog.resource.yaml.YamlText;

import java.util.Locale;
import java.util.regex.Pattern;

/** Writes scalars: without quotes where they are read back as they are, else with. */
final class Words {
    /** Characters that begin something else than a word. */
    private static final String INDICATORS = "-?:,[]{}#&*!|>'\"%@`";

    /** Texts that other readers of YAML take for a date, a time or a number. */
    private static final Pattern LIKE_A_NUMBER =
            Pattern.compile(
                    "[-+.]?[0-9][0-9_]*([:.eE+-][0-9T_.:+Z -]*)?|[-+]?\\.[0-9].*|=|0[xob].*");

    private static final Pattern ADDRESS = Pattern.compile("[0-9]+(\\.[0-9]+){2,}(/[0-9]+)?");

    private Words() {}

    /** A value that is no collection, for a line of its own. */
    static String word(JsonNode value) {
        return value.isTextual() ? text(value.asText(), false) : json(value);
    }

    /** The same within braces or brackets. */
    static String flowWord(JsonNode value) {
        return value.isTextual() ? text(value.asText(), true) : json(value);
    }

    static String name(String name) {
        return text(name, false);
    }

    static String flowName(String name) {
        return text(name, true);
    }

    private static String text(String text, boolean flow) {
        if (plain(text, flow)) {
            return text;
        }
        boolean oneQuote = text.indexOf('"') >= 0 && singleQuotable(text);
        return oneQuote ? singleQuoted(text) : doubleQuoted(text);
    }

    /** Whether a text can stand without quotes and means itself. */
    static boolean plain(String text, boolean flow) {
        if (text.isEmpty()
                || text.isBlank()
                || text.length() != text.strip().length()
                || !YamlText.readsAsText(text)
                || (LIKE_A_NUMBER.matcher(text).matches() && !ADDRESS.matcher(text).matches())
                || text.startsWith("---")
                || text.startsWith("...")
                || text.equals("<<")) {
            return false;
        }
        char first = text.charAt(0);
        boolean option = first == '-' && !flow && text.length() > 1 && text.charAt(1) > ' ';
        if (INDICATORS.indexOf(first) >= 0 && !option) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!printable(c) || c == '\n' || c == '\t') {
                return false;
            }
            if (c == ':' && (i + 1 == text.length() || text.charAt(i + 1) == ' ' || flow)) {
                return false;
            }
            if (c == '#' && text.charAt(i - 1) == ' ') {
                return false;
            }
            if (flow && ",[]{}?".indexOf(c) >= 0) {
                return false;
            }
        }
        return true;
    }

    static boolean singleQuotable(String text) {
        return text.chars().allMatch(c -> printable((char) c) && c != '\n');
    }

    static String singleQuoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    static String doubleQuoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                case '\r' -> out.append("\\r");
                default -> {
                    boolean pair = Character.isSurrogate(c);
                    if (pair || printable(c)) {
                        out.append(c);
                    } else {
                        out.append("\\u").append(String.format(Locale.ROOT, "%04x", (int) c));
                    }
                }
            }
        }
        return out.append('"').toString();
    }

    /** As in JSON. */
    static String json(JsonNode value) {
        return value.isTextual() ? doubleQuoted(value.asText()) : value.toString();
    }

    /** Whether a text of several lines can stand as it is, behind a {@code |}. */
    static boolean fitsLiteral(String text) {
        if (text.indexOf('\n') < 0
                || text.isBlank()
                || text.startsWith("\n")
                || text.startsWith(" ")
                || text.startsWith("\t")) {
            return false;
        }
        return text.lines().allMatch(line -> line.isEmpty() || !line.isBlank())
                && text.chars().allMatch(c -> printable((char) c));
    }

    /** Whether a text has only characters that no reader changes. */
    private static boolean printable(char c) {
        return (c >= ' ' && c <= '~')
                || c == '\n'
                || c == '\t'
                || (c >= '\u00A1'
                        && c <= '\uFFFD'
                        && c != '\u2028'
                        && c != '\u2029'
                        && c != '\uFEFF');
    }

    /** A scalar in a way of writing, if that can express it; else as {@link #word}. */
    static String like(
            dev.shiplog.resource.yaml.YamlPart.Style style, JsonNode value, boolean flow) {
        if (!(value instanceof TextNode)) {
            return json(value);
        }
        String text = value.asText();
        return switch (style) {
            case SINGLE_QUOTED -> singleQuotable(text) ? singleQuoted(text) : doubleQuoted(text);
            case DOUBLE_QUOTED -> doubleQuoted(text);
            case PLAIN, LITERAL, FOLDED -> text(text, flow);
        };
    }
}
