package dev.shiplog.api.patch;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.schema.Schema;

import java.time.Instant;

/** Who set which field. */
public final class ManagedFields {
    private ManagedFields() {}

    /** The document {@code after} with an account of what a manager changed. */
    public static ObjectNode afterUpdate(
            Schema schema, ObjectNode before, ObjectNode after, FieldManager manager, Instant now) {
        return after;
    }
}
