package dev.shiplog.source.edit;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.command.DeclaredResource;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.OwnerReference;
import dev.shiplog.resource.kind.Admission;
import dev.shiplog.resource.kind.Kind;
import dev.shiplog.resource.kind.ObjectMeta;
import dev.shiplog.resource.schema.Findings;

import java.util.List;
import java.util.SortedMap;

/** What a document declares, beside its name. */
record Meaning(
        SortedMap<String, String> labels,
        SortedMap<String, String> annotations,
        List<OwnerReference> owners,
        List<String> finalizers,
        Json body) {
    static Meaning of(DeclaredResource declared) {
        return new Meaning(
                declared.labels(),
                declared.annotations(),
                declared.owners(),
                declared.finalizers(),
                declared.body());
    }

    /** A document taken in as from a file; {@code findings} say what is wrong with it. */
    static Meaning of(Kind kind, ObjectNode document, Findings findings) {
        ObjectNode admitted = document.deepCopy();
        admitted.remove("status");
        Admission.admit(kind, admitted, "default", findings);
        return admitted(admitted);
    }

    /** Of a document that was taken in. */
    static Meaning admitted(ObjectNode document) {
        ObjectMeta meta = ObjectMeta.of(document.path("metadata"));
        ObjectNode body = document.deepCopy();
        body.remove(List.of("apiVersion", "kind", "metadata", "status"));
        return new Meaning(
                meta.labels(), meta.annotations(), meta.owners(), meta.finalizers(), Json.of(body));
    }

    Meaning withoutBookkeeping() {
        return new Meaning(labels, Bookkeeping.without(annotations), owners, finalizers, body);
    }

    /** Metadata and body as members of one object, to be compared with another. */
    ObjectNode document() {
        ObjectNode document = body.toObject();
        ObjectNode metadata = document.putObject("metadata");
        put(metadata, "labels", labels);
        put(metadata, "annotations", annotations);
        if (!owners.isEmpty()) {
            ArrayNode list = JsonNodeFactory.instance.arrayNode();
            owners.forEach(owner -> list.add(owner.toNode()));
            metadata.set("ownerReferences", list);
        }
        if (!finalizers.isEmpty()) {
            ArrayNode list = JsonNodeFactory.instance.arrayNode();
            finalizers.forEach(list::add);
            metadata.set("finalizers", list);
        }
        return document;
    }

    private static void put(ObjectNode metadata, String name, SortedMap<String, String> texts) {
        if (!texts.isEmpty()) {
            ObjectNode map = JsonNodeFactory.instance.objectNode();
            texts.forEach(map::put);
            metadata.set(name, map);
        }
    }
}
