package dev.shiplog.api.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.schema.Schema;

import java.time.Instant;
import java.util.Optional;

/** Who owns the fields of a document that was written without server-side apply. */
public final class ManagedFields {
    private static final String MANAGED_FIELDS = "managedFields";

    private ManagedFields() {}

    /**
     * The document {@code after} with new {@code metadata.managedFields}: what changed moves to the
     * manager. A document that nobody owned anything of stays so, unless it is new. A client resets
     * the entries by sending an empty list, or a list of one empty entry.
     *
     * @param before the live document; {@code {}} if it is being created
     * @param after as it will be stored, with the managedFields that the client sent, if any
     */
    public static ObjectNode afterUpdate(
            Schema schema, ObjectNode before, ObjectNode after, FieldManager manager, Instant now) {
        JsonNode sent = after.path("metadata").path(MANAGED_FIELDS);
        Ownership ownership = resets(sent) ? parse(bare(after)) : sent(before, after, manager);
        ObjectNode result = bare(after);
        boolean created = before.path("metadata").path("uid").asText().isEmpty();
        if (ownership.isEmpty() && !created) {
            return result;
        }
        update(ownership, schema, bare(before), result, manager, now);
        ownership.cap();
        ownership.writeTo(result);
        return result;
    }

    /** Moves what changed from its owners to a manager. */
    static void update(
            Ownership ownership,
            Schema schema,
            ObjectNode before,
            ObjectNode after,
            FieldManager manager,
            Instant now) {
        Comparison comparison =
                Reset.filter(Comparison.of(before, after, schema), manager.subresource());
        Ownership.Owner owner = Ownership.Owner.of(manager);
        FieldSet previous = ownership.of(owner).minus(comparison.removed());
        ownership.take(comparison.changed().union(comparison.removed()), owner);
        FieldSet changed = Reset.owned(comparison.changed());
        Ownership.Fields known = ownership.entries().get(owner);
        Optional<Instant> time =
                (changed.isEmpty() && known != null) ? known.time() : Optional.of(now);
        ownership.put(
                owner, new Ownership.Fields(previous.union(changed), manager.apiVersion(), time));
    }

    /** A copy without entries. */
    static ObjectNode bare(ObjectNode document) {
        ObjectNode copy = document.deepCopy();
        if (copy.get("metadata") instanceof ObjectNode metadata) {
            metadata.remove(MANAGED_FIELDS);
        }
        return copy;
    }

    /** What the metadata says; nothing if it cannot be read. */
    static Ownership parse(ObjectNode document) {
        try {
            return Ownership.of(document);
        } catch (IllegalArgumentException | java.time.DateTimeException _) {
            return Ownership.of(bare(document));
        }
    }

    /** A client that sends a document back may have changed its entries; subresources may not. */
    private static Ownership sent(ObjectNode before, ObjectNode after, FieldManager manager) {
        Ownership sent = parse(after);
        return sent.isEmpty() || !manager.subresource().isEmpty() ? parse(before) : sent;
    }

    private static boolean resets(JsonNode sent) {
        return sent.isArray()
                && (sent.isEmpty() || (sent.size() == 1 && isEmptyEntry(sent.get(0))));
    }

    private static boolean isEmptyEntry(JsonNode entry) {
        return entry.isObject() && entry.isEmpty();
    }
}
