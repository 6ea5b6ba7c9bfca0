package dev.shiplog.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.kind.Kind;
import dev.shiplog.resource.kind.Kinds;

import java.util.SortedMap;
import java.util.TreeMap;

/** Reads a PodTemplateSpec: what each pod made of it is. */
public final class Templates {
    private static final Kind POD = Kinds.of(GroupKind.POD).orElseThrow();

    private Templates() {}

    public static SortedMap<String, String> labels(JsonNode template) {
        return texts(template.path("metadata").path("labels"));
    }

    public static SortedMap<String, String> annotations(JsonNode template) {
        return texts(template.path("metadata").path("annotations"));
    }

    /** The body of a pod: everything but the metadata, with the defaults that only pods have. */
    public static Json body(JsonNode template) {
        ObjectNode body = template.deepCopy();
        body.remove("metadata");
        POD.rules().setDefaults(body);
        return Json.of(body);
    }

    private static SortedMap<String, String> texts(JsonNode object) {
        SortedMap<String, String> texts = new TreeMap<>();
        object.properties().forEach(text -> texts.put(text.getKey(), text.getValue().asText()));
        return texts;
    }
}
