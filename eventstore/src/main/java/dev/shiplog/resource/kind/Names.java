package dev.shiplog.resource.kind;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The syntax of names, labels and keys, with Kubernetes' own words for what is wrong
 * (k8s.io/apimachinery, package validation). Each method gives the objections to a text.
 */
final class Names {
    /** Characters in a DNS label. */
    static final int MAX_LABEL = 63;

    /** Characters in a DNS name. */
    static final int MAX_SUBDOMAIN = 253;

    /** Characters in the name of a port. */
    private static final int MAX_PORT_NAME = 15;

    private static final String LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private static final String SUBDOMAIN = LABEL + "(\\." + LABEL + ")*";
    private static final String QUALIFIED = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
    private static final String VALUE = "(" + QUALIFIED + ")?";

    private static final Pattern LABEL_PATTERN = Pattern.compile(LABEL);
    private static final Pattern SUBDOMAIN_PATTERN = Pattern.compile(SUBDOMAIN);
    private static final Pattern QUALIFIED_PATTERN = Pattern.compile(QUALIFIED);
    private static final Pattern VALUE_PATTERN = Pattern.compile(VALUE);
    private static final Pattern PORT_CHARACTERS = Pattern.compile("[-a-z0-9]+");
    private static final Pattern LETTER = Pattern.compile("[a-z]");
    private static final Pattern ENV_NAME = Pattern.compile("[ -<>-~]+");

    private Names() {}

    /** An RFC 1123 label: names of containers, volumes, namespaces. */
    static List<String> label(String text) {
        List<String> wrong = new ArrayList<>();
        tooLong(text, MAX_LABEL, "", wrong);
        if (!LABEL_PATTERN.matcher(text).matches()) {
            wrong.add(
                    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters"
                            + " or '-', and must start and end with an alphanumeric character"
                            + regex("'my-name',  or '123-abc'", LABEL));
        }
        return wrong;
    }

    /** An RFC 1123 subdomain: names of most resources. */
    static List<String> subdomain(String text) {
        List<String> wrong = new ArrayList<>();
        tooLong(text, MAX_SUBDOMAIN, "", wrong);
        if (!SUBDOMAIN_PATTERN.matcher(text).matches()) {
            wrong.add(
                    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric"
                            + " characters, '-' or '.', and must start and end with an alphanumeric"
                            + " character"
                            + regex("'example.com'", SUBDOMAIN));
        }
        return wrong;
    }

    /** A name that may be anything that fits into one part of a URL's path: names of roles. */
    static List<String> pathSegment(String text) {
        List<String> wrong = new ArrayList<>();
        if (text.equals(".") || text.equals("..")) {
            wrong.add("may not be '" + text + "'");
        }
        for (String illegal : List.of("/", "%")) {
            if (text.contains(illegal)) {
                wrong.add("may not contain '" + illegal + "'");
            }
        }
        return wrong;
    }

    /** A key of a label or an annotation: {@code name} or {@code prefix/name}. */
    static List<String> qualified(String text) {
        List<String> wrong = new ArrayList<>();
        String[] parts = text.split("/", -1);
        if (parts.length > 2) {
            wrong.add(
                    "a qualified name "
                            + qualifiedWords()
                            + " with an optional DNS subdomain prefix and '/' (e.g."
                            + " 'example.com/MyName')");
            return wrong;
        }
        if (parts.length == 2) {
            if (parts[0].isEmpty()) {
                wrong.add("prefix part must be non-empty");
            } else {
                subdomain(parts[0]).forEach(objection -> wrong.add("prefix part " + objection));
            }
        }
        String name = parts[parts.length - 1];
        if (name.isEmpty()) {
            wrong.add("name part must be non-empty");
        }
        tooLong(name, MAX_LABEL, "name part ", wrong);
        if (!QUALIFIED_PATTERN.matcher(name).matches()) {
            wrong.add("name part " + qualifiedWords());
        }
        return wrong;
    }

    /** The value of a label. */
    static List<String> labelValue(String text) {
        List<String> wrong = new ArrayList<>();
        tooLong(text, MAX_LABEL, "", wrong);
        if (!VALUE_PATTERN.matcher(text).matches()) {
            wrong.add(
                    "a valid label must be an empty string or consist of alphanumeric characters,"
                            + " '-', '_' or '.', and must start and end with an alphanumeric"
                            + " character"
                            + regex("'MyValue',  or 'my_value',  or '12345'", VALUE));
        }
        return wrong;
    }

    /** The name of a port, an IANA service name. */
    static List<String> portName(String text) {
        List<String> wrong = new ArrayList<>();
        tooLong(text, MAX_PORT_NAME, "", wrong);
        if (!PORT_CHARACTERS.matcher(text).matches()) {
            wrong.add("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
        }
        if (!LETTER.matcher(text).find()) {
            wrong.add("must contain at least one letter (a-z)");
        }
        if (text.contains("--")) {
            wrong.add("must not contain consecutive hyphens");
        }
        if (text.startsWith("-") || text.endsWith("-")) {
            wrong.add("must not begin or end with a hyphen");
        }
        return wrong;
    }

    /** The name of an environment variable. */
    static List<String> environmentVariable(String text) {
        return ENV_NAME.matcher(text).matches()
                ? List.of()
                : List.of(
                        "a valid environment variable name must consist only of printable ASCII"
                                + " characters other than '='");
    }

    private static String qualifiedWords() {
        return "must consist of alphanumeric characters, '-', '_' or '.', and must start and end"
                + " with an alphanumeric character"
                + regex("'MyName',  or 'my.name',  or '123-abc'", QUALIFIED);
    }

    private static String regex(String examples, String pattern) {
        return " (e.g. " + examples + ", regex used for validation is '" + pattern + "')";
    }

    private static void tooLong(String text, int most, String part, List<String> wrong) {
        if (text.length() > most) {
            wrong.add(part + "must be no more than " + most + " bytes");
        }
    }
}
