package dev.shiplog.api.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Status;
import dev.shiplog.api.body.Bodies;
import dev.shiplog.resource.schema.Schema;


/** What the patches that need no owner do to a document. */
public final class Patches {
    private Patches() {}

    /**
     * The patched document. Neither checked nor defaulted; {@code document} is left as it is.
     *
     * @param type not {@link PatchType#APPLY}, which is {@link ServerSideApply}'s
     * @throws ApiFailure 400 if the patch is malformed, 413 if it asks for too much, 422 if it does
     *     not fit the document
     */
    public static ObjectNode apply(
            PatchType type, ObjectNode document, byte[] patch, Schema schema) {
        return switch (type) {
            case JSON_PATCH -> {
                if (parse(patch) instanceof ArrayNode operations) {
                    yield JsonPatch.apply(document, operations);
                }
                throw malformed("expected a list of operations, such as [{\"op\":\"add\",...}]");
            }
            case MERGE_PATCH -> MergePatch.apply(document, object(patch));
            case STRATEGIC_MERGE_PATCH ->
                    StrategicMergePatch.apply(document, object(patch), schema);
            case APPLY ->
                    throw new IllegalArgumentException(
                            "an applied configuration needs a field manager: ServerSideApply");
        };
    }

    private static ObjectNode object(byte[] patch) {
        if (parse(patch) instanceof ObjectNode object) {
            return object;
        }
        throw malformed("expected an object, such as {\"spec\":{...}}");
    }

    /**
     * The patch itself.
     *
     * @throws ApiFailure 400 if it is no JSON
     */
    public static JsonNode parse(byte[] patch) {
        try {
            return Bodies.tree(patch);
        } catch (IllegalArgumentException e) {
            throw new ApiFailure(Status.badRequest("error decoding patch: " + e.getMessage()), e);
        }
    }

    private static ApiFailure malformed(String why) {
        return new ApiFailure(Status.badRequest("error decoding patch: " + why));
    }
}
