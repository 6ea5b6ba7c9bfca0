package dev.shiplog.api.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Status;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.schema.Schema;

import io.fabric8.zjsonpatch.JsonPatch;
import io.fabric8.zjsonpatch.JsonPatchException;

import java.nio.charset.StandardCharsets;

/** What patches do to a document. */
public final class Patches {
    private Patches() {}

    /**
     * The patched document. Neither checked nor defaulted; {@code document} is left as it is.
     *
     * @throws ApiFailure 400 if the patch is malformed, 422 if it does not fit the document
     */
    public static ObjectNode apply(
            PatchType type, ObjectNode document, byte[] patch, Schema schema) {
        return switch (type) {
            case JSON_PATCH -> {
                try {
                    yield (ObjectNode) JsonPatch.apply(parse(patch), document);
                } catch (JsonPatchException e) {
                    throw new ApiFailure(Status.of(422, "Invalid", String.valueOf(e.getMessage())), e);
                }
            }
            case MERGE_PATCH -> {
                if (parse(patch) instanceof ObjectNode changes) {
                    ObjectNode result = document.deepCopy();
                    merge(result, changes);
                    yield result;
                }
                throw new ApiFailure(Status.badRequest("error decoding patch: expected an object"));
            }
            case STRATEGIC_MERGE_PATCH, APPLY -> throw unsupported(type);
        };
    }

    private static void merge(ObjectNode target, ObjectNode changes) {
        changes.properties()
                .forEach(change -> {
                    if (change.getValue().isNull()) {
                        target.remove(change.getKey());
                    } else if (change.getValue() instanceof ObjectNode inner) {
                        ObjectNode member =
                                target.path(change.getKey()) instanceof ObjectNode existing
                                        ? existing
                                        : target.putObject(change.getKey());
                        merge(member, inner);
                    } else {
                        target.set(change.getKey(), change.getValue());
                    }
                });
    }

    private static JsonNode parse(byte[] patch) {
        try {
            return Json.parse(new String(patch, StandardCharsets.UTF_8)).toNode();
        } catch (IllegalArgumentException e) {
            throw new ApiFailure(Status.badRequest("error decoding patch: " + e.getMessage()), e);
        }
    }

    static ApiFailure unsupported(PatchType type) {
        return new ApiFailure(
                Status.of(
                        415,
                        "UnsupportedMediaType",
                        "patches of type " + type.mediaType() + " are not understood"));
    }
}
