package dev.shiplog.resource.schema;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Collects what checks find in one document. Wording follows the errors of the Kubernetes API:
 * {@code path: Invalid value: "x": why}.
 */
public final class Findings {
    /** The most errors, and the most warnings, that are kept of one document. */
    public static final int MAX_FINDINGS = 50;

    private final List<Finding> errors = new ArrayList<>();
    private final List<Finding> warnings = new ArrayList<>();

    /** Something is wrong with the value at {@code path}. */
    public void error(FieldPath path, String message) {
        add(errors, new Finding(path, false, prefixed(path, message)));
    }

    /** Something is wrong with the name of the member at {@code path}; the message is complete. */
    public void errorAtKey(FieldPath path, String message) {
        add(errors, new Finding(path, true, message));
    }

    public void required(FieldPath path, String why) {
        error(path, why.isEmpty() ? "Required value" : "Required value: " + why);
    }

    /**
     * @param value as it should be shown: text in quotes, numbers and JSON as they are
     */
    public void invalid(FieldPath path, String value, String why) {
        error(path, "Invalid value: " + value + ": " + why);
    }

    public void duplicate(FieldPath path, String value) {
        error(path, "Duplicate value: " + value);
    }

    public void forbidden(FieldPath path, String why) {
        error(path, "Forbidden: " + why);
    }

    /** The value is accepted, but its author should know something. */
    public void warning(FieldPath path, String message) {
        add(warnings, new Finding(path, false, message));
    }

    public boolean hasErrors() {
        return !errors.isEmpty();
    }

    public List<Finding> errors() {
        return Collections.unmodifiableList(errors);
    }

    public List<Finding> warnings() {
        return Collections.unmodifiableList(warnings);
    }

    private static String prefixed(FieldPath path, String message) {
        return path.isRoot() ? message : path + ": " + message;
    }

    private static void add(List<Finding> list, Finding finding) {
        if (list.size() < MAX_FINDINGS) {
            list.add(finding);
        }
    }
}
