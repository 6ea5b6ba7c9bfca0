package dev.shiplog.resource.kind;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.resource.OwnerReference;
import dev.shiplog.resource.Uid;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What the author of a document says in {@code metadata}, beside the name. */
public record ObjectMeta(
        SortedMap<String, String> labels,
        SortedMap<String, String> annotations,
        List<OwnerReference> owners,
        List<String> finalizers) {
    public ObjectMeta {
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
        annotations = Collections.unmodifiableSortedMap(new TreeMap<>(annotations));
        owners = List.copyOf(owners);
        finalizers = List.copyOf(finalizers);
    }

    /** Reads the {@code metadata} of a document that was taken in by {@link Admission}. */
    public static ObjectMeta of(JsonNode metadata) {
        List<OwnerReference> owners = new ArrayList<>();
        for (JsonNode owner : metadata.path("ownerReferences")) {
            owners.add(
                    new OwnerReference(
                            owner.path("apiVersion").asText(),
                            owner.path("kind").asText(),
                            owner.path("name").asText(),
                            new Uid(owner.path("uid").asText()),
                            owner.path("controller").asBoolean(),
                            owner.path("blockOwnerDeletion").asBoolean()));
        }
        List<String> finalizers = new ArrayList<>();
        metadata.path("finalizers").forEach(name -> finalizers.add(name.asText()));
        return new ObjectMeta(
                texts(metadata.path("labels")),
                texts(metadata.path("annotations")),
                owners,
                finalizers);
    }

    private static SortedMap<String, String> texts(JsonNode map) {
        SortedMap<String, String> texts = new TreeMap<>();
        map.properties().forEach(entry -> texts.put(entry.getKey(), entry.getValue().asText()));
        return texts;
    }
}
