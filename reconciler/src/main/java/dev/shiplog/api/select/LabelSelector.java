package dev.shiplog.api.select;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Status;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which labels a resource must have. The grammar is that of Kubernetes' {@code labelSelector}
 * parameter: {@code a=b}, {@code a==b}, {@code a!=b}, {@code a in (b,c)}, {@code a notin (b,c)},
 * {@code a}, {@code !a}, {@code a>1}, {@code a<1}, joined by commas, all of which must hold.
 */
public record LabelSelector(List<Requirement> requirements) {
    public static final LabelSelector ALL = new LabelSelector(List.of());

    private static final Pattern KEY =
            Pattern.compile(
                    "([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?");
    private static final Pattern SET =
            Pattern.compile("(\\S+)\\s+(in|notin)\\s*\\(([^()]*)\\)", Pattern.DOTALL);
    private static final Pattern COMPARISON = Pattern.compile("([^=!<>\\s]+)\\s*(==|=|!=|>|<)(.*)");

    public LabelSelector {
        requirements = List.copyOf(requirements);
    }

    /** One condition. */
    public record Requirement(String key, Operator operator, TreeSet<String> values) {
        boolean holds(Map<String, String> labels) {
            String value = labels.get(key);
            return switch (operator) {
                case IN -> value != null && values.contains(value);
                case NOT_IN -> value == null || !values.contains(value);
                case EXISTS -> value != null;
                case ABSENT -> value == null;
                case GREATER -> value != null && compare(value) > 0;
                case LESS -> value != null && compare(value) < 0;
            };
        }

        private int compare(String value) {
            try {
                return Long.compare(Long.parseLong(value), Long.parseLong(values.first()));
            } catch (NumberFormatException e) {
                return 0;
            }
        }
    }

    /** What a condition says of a label's value. */
    public enum Operator {
        IN,
        NOT_IN,
        EXISTS,
        ABSENT,
        GREATER,
        LESS
    }

    /**
     * Reads a selector.
     *
     * @throws ApiFailure 400 if it is not one
     */
    public static LabelSelector parse(String text) {
        List<Requirement> requirements = new ArrayList<>();
        for (String part : split(text)) {
            if (!part.isBlank()) {
                requirements.add(requirement(part.strip(), text));
            } else if (!text.isBlank()) {
                throw unreadable(text, "found an empty requirement");
            }
        }
        return requirements.isEmpty() ? ALL : new LabelSelector(requirements);
    }

    public boolean matches(Map<String, String> labels) {
        for (Requirement requirement : requirements) {
            if (!requirement.holds(labels)) {
                return false;
            }
        }
        return true;
    }

    public boolean isEmpty() {
        return requirements.isEmpty();
    }

    private static Requirement requirement(String part, String whole) {
        Matcher set = SET.matcher(part);
        if (set.matches()) {
            TreeSet<String> values = new TreeSet<>();
            for (String value : set.group(3).split(",", -1)) {
                values.add(value.strip());
            }
            return new Requirement(
                    key(set.group(1), whole),
                    set.group(2).equals("in") ? Operator.IN : Operator.NOT_IN,
                    values);
        }
        if (part.startsWith("!") && part.indexOf('=') < 0) {
            return new Requirement(
                    key(part.substring(1).strip(), whole), Operator.ABSENT, new TreeSet<>());
        }
        Matcher comparison = COMPARISON.matcher(part);
        if (comparison.matches()) {
            return comparison(
                    key(comparison.group(1), whole),
                    comparison.group(2),
                    comparison.group(3).strip(),
                    whole);
        }
        return new Requirement(key(part, whole), Operator.EXISTS, new TreeSet<>());
    }

    private static Requirement comparison(String key, String sign, String value, String whole) {
        if (!value.matches("([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?")) {
            throw unreadable(whole, "found the value \"" + value + "\"");
        }
        Operator operator =
                switch (sign) {
                    case "!=" -> Operator.NOT_IN;
                    case ">" -> Operator.GREATER;
                    case "<" -> Operator.LESS;
                    default -> Operator.IN;
                };
        if ((operator == Operator.GREATER || operator == Operator.LESS)
                && !value.matches("-?\\d{1,18}")) {
            throw unreadable(whole, "for '>' and '<' the value must be a whole number");
        }
        return new Requirement(key, operator, new TreeSet<>(List.of(value)));
    }

    private static String key(String key, String whole) {
        if (!KEY.matcher(key).matches()) {
            throw unreadable(whole, "found the key \"" + key + "\"");
        }
        return key;
    }

    /** Splits at the commas that are not in parentheses. */
    private static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '(') {
                depth++;
            } else if (c == ')') {
                depth--;
            } else if (c == ',' && depth == 0) {
                parts.add(text.substring(start, i));
                start = i + 1;
            }
        }
        if (depth != 0) {
            throw unreadable(text, "found parentheses that do not match");
        }
        parts.add(text.substring(start));
        return parts;
    }

    private static ApiFailure unreadable(String text, String why) {
        return new ApiFailure(
                Status.badRequest("unable to parse requirement: \"" + text + "\": " + why));
    }
}
