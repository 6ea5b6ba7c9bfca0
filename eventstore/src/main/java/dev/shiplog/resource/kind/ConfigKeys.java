package dev.shiplog.resource.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.schema.FieldPath;
import dev.shiplog.resource.schema.Findings;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What ConfigMaps and Secrets have in common: keys that can be file names, and a seal of age. */
final class ConfigKeys {
    /** The bytes of all values of one object: Kubernetes' limit, far below that of a request. */
    static final int MAX_BYTES = 1024 * 1024;

    private static final int MAX_KEY = 253;
    private static final String KEY = "[-._a-zA-Z0-9]+";
    private static final Pattern KEY_PATTERN = Pattern.compile(KEY);

    private ConfigKeys() {}

    /** What is wrong with a key. */
    static List<String> objections(String key) {
        List<String> wrong = new ArrayList<>();
        if (key.length() > MAX_KEY) {
            wrong.add("must be no more than " + MAX_KEY + " bytes");
        }
        if (!KEY_PATTERN.matcher(key).matches()) {
            wrong.add(
                    "a valid config key must consist of alphanumeric characters, '-', '_' or '.'"
                            + " (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for"
                            + " validation is '"
                            + KEY
                            + "')");
        }
        if (key.equals(".")) {
            wrong.add("must not be '.'");
        } else if (key.equals("..")) {
            wrong.add("must not be '..'");
        } else if (key.startsWith("..")) {
            wrong.add("must not start with '..'");
        }
        return wrong;
    }

    /** Adds an error for each key that is none. */
    static void validate(JsonNode map, String name, Findings findings) {
        for (var entry : map.properties()) {
            for (String objection : objections(entry.getKey())) {
                findings.errorAtKey(
                        FieldPath.of(name, entry.getKey()),
                        "%s[%s]: Invalid value: \"%s\": %s"
                                .formatted(name, entry.getKey(), entry.getKey(), objection));
            }
        }
    }

    /** Once immutable, always immutable, and so is what it seals. */
    static void validateUpdate(
            ObjectNode before, ObjectNode after, List<String> members, Findings findings) {
        if (!before.path("immutable").asBoolean()) {
            return;
        }
        String why = "field is immutable when `immutable` is set";
        if (!after.path("immutable").asBoolean()) {
            findings.forbidden(FieldPath.of("immutable"), why);
        }
        for (String member : members) {
            if (!before.path(member).equals(after.path(member))) {
                findings.forbidden(FieldPath.of(member), why);
            }
        }
    }
}
