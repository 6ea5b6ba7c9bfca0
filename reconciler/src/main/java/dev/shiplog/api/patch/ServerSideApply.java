package dev.shiplog.api.patch;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.schema.Schema;

import java.time.Instant;
import java.util.Optional;

/** Server-side apply. */
public final class ServerSideApply {
    private ServerSideApply() {}

    /** The document after a configuration was applied to it. */
    public static ObjectNode apply(
            Schema schema,
            String apiVersion,
            Optional<ObjectNode> live,
            ObjectNode configuration,
            FieldManager manager,
            boolean force,
            Instant now) {
        throw Patches.unsupported(PatchType.APPLY);
    }
}
