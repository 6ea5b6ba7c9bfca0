package dev.shiplog.api.write;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.Json;
import dev.shiplog.resource.Metadata;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.kind.ObjectMeta;

/**
 * A resource as a client wants it: checked, complete, in its storage version.
 *
 * @param generateName what its name was made from; empty if the client chose it
 * @param body as in {@code DeclaredResource}
 * @param managedFields the new account of fields; {@code {}} for none
 * @param said what the client said of it, without what is filled in; means the same
 * @param toDeclare whether Git shall declare it if nothing of its name is there
 */
record Wish(
        ResourceKey key,
        String apiVersion,
        ObjectMeta meta,
        String generateName,
        Json body,
        Json managedFields,
        ObjectNode said,
        boolean toDeclare) {

    Wish withBody(Json other) {
        return new Wish(key, apiVersion, meta, generateName, other, managedFields, said, toDeclare);
    }

    Wish withManagedFields(Json other) {
        return new Wish(key, apiVersion, meta, generateName, body, other, said, toDeclare);
    }

    /** What the resource would be if it were so. */
    Resource over(Resource live) {
        Metadata metadata =
                live.metadata()
                        .withLabels(meta.labels())
                        .withAnnotations(meta.annotations())
                        .withOwners(meta.owners())
                        .withFinalizers(meta.finalizers())
                        .withManagedFields(managedFields)
                        .withGeneration(
                                live.metadata().generation() + (live.body().equals(body) ? 0 : 1));
        return new Resource(key, apiVersion, metadata, body, live.status(), live.version());
    }

    /** The document that Git declares it by; without what only the cluster keeps. */
    static Json document(ResourceKey key, String apiVersion, ObjectMeta meta, Json body) {
        ObjectNode root = Json.EMPTY.toObject();
        root.put("apiVersion", apiVersion);
        root.put("kind", key.kind().kind());
        ObjectNode metadata = root.putObject("metadata");
        metadata.put("name", key.name());
        if (!key.namespace().isEmpty()) {
            metadata.put("namespace", key.namespace());
        }
        if (!meta.labels().isEmpty()) {
            meta.labels().forEach(metadata.putObject("labels")::put);
        }
        if (!meta.annotations().isEmpty()) {
            meta.annotations().forEach(metadata.putObject("annotations")::put);
        }
        if (!meta.finalizers().isEmpty()) {
            meta.finalizers().forEach(metadata.putArray("finalizers")::add);
        }
        if (!meta.owners().isEmpty()) {
            ArrayNode owners = metadata.putArray("ownerReferences");
            meta.owners().forEach(owner -> owners.add(owner.toNode()));
        }
        root.setAll(body.toObject());
        return Json.of(root);
    }
}
