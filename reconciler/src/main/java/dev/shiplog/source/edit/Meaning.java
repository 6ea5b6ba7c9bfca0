package dev.shiplog.source.edit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.command.DeclaredResource;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.kind.Admission;
import dev.shiplog.resource.kind.Kind;
import dev.shiplog.resource.schema.Findings;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a document declares, beside its name. */
record Meaning(SortedMap<String, String> labels, SortedMap<String, String> annotations, Json body) {
    static Meaning of(DeclaredResource declared) {
        return new Meaning(declared.labels(), declared.annotations(), declared.body());
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
        JsonNode metadata = document.path("metadata");
        ObjectNode body = document.deepCopy();
        body.remove(List.of("apiVersion", "kind", "metadata", "status"));
        return new Meaning(
                texts(metadata.path("labels")), texts(metadata.path("annotations")), Json.of(body));
    }

    private static SortedMap<String, String> texts(JsonNode map) {
        SortedMap<String, String> texts = new TreeMap<>();
        map.properties().forEach(entry -> texts.put(entry.getKey(), entry.getValue().asText()));
        return texts;
    }

    Meaning withoutBookkeeping() {
        return new Meaning(labels, Bookkeeping.without(annotations), body);
    }

    /** Metadata and body as members of one object, to be compared with another. */
    ObjectNode document() {
        ObjectNode document = body.toObject();
        ObjectNode metadata = document.putObject("metadata");
        put(metadata, "labels", labels);
        put(metadata, "annotations", annotations);
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
