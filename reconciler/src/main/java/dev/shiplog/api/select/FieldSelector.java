package dev.shiplog.api.select;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Status;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which values fields must have: {@code a=b}, {@code a==b}, {@code a!=b}, joined by commas, all of
 * which must hold. In values, {@code \} quotes a comma, an equals sign or itself.
 */
public record FieldSelector(List<Requirement> requirements) {
    public static final FieldSelector ALL = new FieldSelector(List.of());

    public FieldSelector {
        requirements = List.copyOf(requirements);
    }

    /** One condition. */
    public record Requirement(String field, boolean equal, String value) {}

    /**
     * Reads a selector.
     *
     * @throws ApiFailure 400 if it is not one
     */
    public static FieldSelector parse(String text) {
        List<Requirement> requirements = new ArrayList<>();
        for (String part : split(text)) {
            if (!part.isBlank()) {
                requirements.add(requirement(part.strip(), text));
            }
        }
        return requirements.isEmpty() ? ALL : new FieldSelector(requirements);
    }

    public boolean isEmpty() {
        return requirements.isEmpty();
    }

    /** The one value that a field must have, if the selector says so. */
    public Optional<String> exact(String field) {
        return requirements.stream()
                .filter(requirement -> requirement.equal() && requirement.field().equals(field))
                .map(Requirement::value)
                .findFirst();
    }

    private static Requirement requirement(String part, String whole) {
        for (int i = 0; i < part.length(); i++) {
            char c = part.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '!' && i + 1 < part.length() && part.charAt(i + 1) == '=') {
                return new Requirement(part.substring(0, i), false, plain(part.substring(i + 2)));
            } else if (c == '=') {
                int value = i + 1 < part.length() && part.charAt(i + 1) == '=' ? i + 2 : i + 1;
                return new Requirement(part.substring(0, i), true, plain(part.substring(value)));
            }
        }
        throw new ApiFailure(
                Status.badRequest(
                        "invalid selector: '" + whole + "'; can't understand '" + part + "'"));
    }

    private static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '\\') {
                i++;
            } else if (text.charAt(i) == ',') {
                parts.add(text.substring(start, i));
                start = i + 1;
            }
        }
        parts.add(text.substring(start));
        return parts;
    }

    private static String plain(String quoted) {
        if (quoted.indexOf('\\') < 0) {
            return quoted;
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < quoted.length(); i++) {
            if (quoted.charAt(i) == '\\' && i + 1 < quoted.length()) {
                i++;
            }
            text.append(quoted.charAt(i));
        }
        return text.toString();
    }
}
