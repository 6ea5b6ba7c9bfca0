package dev.shiplog.api.patch;

/**
 * Who writes fields, and how.
 *
 * @param name such as {@code kubectl}; {@code unknown} if none was given
 * @param operation {@link #APPLY} or {@link #UPDATE}
 * @param apiVersion the version in which the request names the fields
 * @param subresource such as {@code status}; empty for the resource itself
 */
public record FieldManager(String name, String operation, String apiVersion, String subresource) {
    public static final String APPLY = "Apply";
    public static final String UPDATE = "Update";

    /** The most characters of a name. */
    public static final int MAX_NAME = 128;

    public FieldManager {
        name = name.isEmpty() ? "unknown" : name;
        if (!operation.equals(APPLY) && !operation.equals(UPDATE)) {
            throw new IllegalArgumentException("expected Apply or Update, found " + operation);
        }
    }

    /** One that sends configurations to apply. */
    public static FieldManager applying(String name, String apiVersion, String subresource) {
        return new FieldManager(name, APPLY, apiVersion, subresource);
    }

    /** One that creates, replaces or patches. */
    public static FieldManager updating(String name, String apiVersion, String subresource) {
        return new FieldManager(name, UPDATE, apiVersion, subresource);
    }

    boolean applies() {
        return operation.equals(APPLY);
    }
}
