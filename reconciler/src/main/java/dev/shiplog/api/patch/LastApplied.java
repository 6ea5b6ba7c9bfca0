package dev.shiplog.api.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.Json;
import dev.shiplog.resource.schema.Schema;

/**
 * The annotation in which {@code kubectl apply} without server-side apply keeps what it applied.
 * Who goes on with {@code kubectl apply --server-side} may change those fields without a conflict.
 */
final class LastApplied {
    static final String ANNOTATION = "kubectl.kubernetes.io/last-applied-configuration";

    /** The manager for whom this holds. */
    static final String MANAGER = "kubectl";

    private LastApplied() {}

    /** The fields of the annotation that the live document still has as they were applied. */
    static FieldSet fields(ObjectNode live, String apiVersion, Schema schema) {
        String text = annotation(live);
        if (text.isEmpty()) {
            return FieldSet.EMPTY;
        }
        ObjectNode applied;
        try {
            if (!(Json.parse(text).toNode() instanceof ObjectNode object)) {
                return FieldSet.EMPTY;
            }
            applied = object;
        } catch (IllegalArgumentException _) {
            return FieldSet.EMPTY;
        }
        if (!applied.path("apiVersion").asText().equals(apiVersion)) {
            return FieldSet.EMPTY;
        }
        Comparison comparison = Comparison.of(applied, live, schema);
        return OwnedFields.of(applied, schema)
                .minus(comparison.modified())
                .minus(comparison.added())
                .minus(comparison.removed());
    }

    /** Keeps the annotation, where there is one, in step with what is applied. */
    static void follow(ObjectNode document, ObjectNode configuration) {
        if (annotation(document).isEmpty()
                || !(document.path("metadata").get("annotations")
                        instanceof ObjectNode annotations)) {
            return;
        }
        ObjectNode applied = configuration.deepCopy();
        if (applied.path("metadata").get("annotations") instanceof ObjectNode own) {
            own.remove(ANNOTATION);
        }
        annotations.put(ANNOTATION, Json.of(applied) + "\n");
    }

    private static String annotation(JsonNode document) {
        return document.path("metadata").path("annotations").path(ANNOTATION).asText();
    }
}
