package dev.shiplog.link;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.event.Recorded;
import dev.shiplog.event.Tags;
import dev.shiplog.journal.Tag;
import dev.shiplog.node.link.PodInputs;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.secret.SecretDocuments;
import dev.shiplog.state.ClusterState;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Finds the ConfigMaps and Secrets that a pod's environment refers to, and opens the Secrets. */
final class Inputs {
    private static final String RESOURCE_TAG = "resource";

    private final SecretDocuments secrets;

    Inputs(SecretDocuments secrets) {
        this.secrets = secrets;
    }

    /** What a pod refers to, as far as it exists. */
    PodInputs of(ClusterState state, Resource pod) {
        Map<String, SortedMap<String, byte[]>> configMaps = new TreeMap<>();
        Map<String, SortedMap<String, byte[]>> opened = new TreeMap<>();
        for (ResourceKey key : references(pod)) {
            state.resource(key)
                    .ifPresent(found -> {
                        if (key.kind().equals(GroupKind.SECRET)) {
                            opened.put(key.name(), secrets.values(key, found.body()));
                        } else {
                            configMaps.put(key.name(), texts(found));
                        }
                    });
        }
        return configMaps.isEmpty() && opened.isEmpty()
                ? PodInputs.NONE
                : new PodInputs(configMaps, opened);
    }

    /** The ConfigMaps and Secrets that some events are about. */
    static Set<ResourceKey> changed(List<Recorded> events) {
        Set<ResourceKey> keys = new TreeSet<>();
        for (Recorded recorded : events) {
            for (Tag tag : Tags.of(recorded.event())) {
                if (tag.name().equals(RESOURCE_TAG)) {
                    ResourceKey key = ResourceKey.parse(tag.value());
                    if (key.kind().equals(GroupKind.CONFIG_MAP)
                            || key.kind().equals(GroupKind.SECRET)) {
                        keys.add(key);
                    }
                }
            }
        }
        return keys;
    }

    /** What a pod's environment refers to, whether it exists or not. */
    static Set<ResourceKey> references(Resource pod) {
        Set<ResourceKey> keys = new TreeSet<>();
        String namespace = pod.key().namespace();
        JsonNode spec = pod.body().toNode().path("spec");
        for (String list : List.of("initContainers", "containers")) {
            for (JsonNode container : spec.path(list)) {
                for (JsonNode variable : container.path("env")) {
                    JsonNode from = variable.path("valueFrom");
                    add(keys, GroupKind.CONFIG_MAP, namespace, from.path("configMapKeyRef"));
                    add(keys, GroupKind.SECRET, namespace, from.path("secretKeyRef"));
                }
                for (JsonNode from : container.path("envFrom")) {
                    add(keys, GroupKind.CONFIG_MAP, namespace, from.path("configMapRef"));
                    add(keys, GroupKind.SECRET, namespace, from.path("secretRef"));
                }
            }
        }
        return keys;
    }

    private static void add(
            Set<ResourceKey> keys, GroupKind kind, String namespace, JsonNode reference) {
        String name = reference.path("name").asText();
        if (!name.isEmpty()) {
            keys.add(new ResourceKey(kind, namespace, name));
        }
    }

    private static SortedMap<String, byte[]> texts(Resource configMap) {
        SortedMap<String, byte[]> texts = new TreeMap<>();
        configMap
                .body()
                .toNode()
                .path("data")
                .properties()
                .forEach(entry ->
                        texts.put(
                                entry.getKey(),
                                entry.getValue().asText().getBytes(StandardCharsets.UTF_8)));
        return texts;
    }
}
