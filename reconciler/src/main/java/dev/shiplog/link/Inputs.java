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
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Finds the ConfigMaps and Secrets that a pod refers to, in its containers' environment, its
 * volumes and its pull secrets, and opens the Secrets.
 */
final class Inputs {
    private static final String RESOURCE_TAG = "resource";
    private static final Set<GroupKind> KINDS =
            Set.of(GroupKind.CONFIG_MAP, GroupKind.SECRET, GroupKind.SERVICE);

    private final SecretDocuments secrets;

    Inputs(SecretDocuments secrets) {
        this.secrets = secrets;
    }

    /** What a pod refers to, as far as it exists, and the Services that it may find. */
    PodInputs of(ClusterState state, Resource pod, ServiceLinks services) {
        Map<String, SortedMap<String, byte[]>> configMaps = new TreeMap<>();
        Map<String, SortedMap<String, byte[]>> binaries = new TreeMap<>();
        Map<String, SortedMap<String, byte[]>> opened = new TreeMap<>();
        for (ResourceKey key : references(pod)) {
            state.resource(key)
                    .ifPresent(found -> {
                        if (key.kind().equals(GroupKind.SECRET)) {
                            opened.put(key.name(), secrets.values(key, found.body()));
                        } else if (key.kind().equals(GroupKind.CONFIG_MAP)) {
                            configMaps.put(key.name(), texts(found));
                            binaries.put(key.name(), binary(found));
                        }
                    });
        }
        return new PodInputs(configMaps, binaries, opened, services.of(state, pod));
    }

    /** The ConfigMaps, Secrets and Services that some events are about. */
    static Set<ResourceKey> changed(List<Recorded> events) {
        Set<ResourceKey> keys = new TreeSet<>();
        for (Recorded recorded : events) {
            for (Tag tag : Tags.of(recorded.event())) {
                if (tag.name().equals(RESOURCE_TAG)) {
                    ResourceKey key = ResourceKey.parse(tag.value());
                    if (KINDS.contains(key.kind())) {
                        keys.add(key);
                    }
                }
            }
        }
        return keys;
    }

    /** What a pod refers to, whether it exists or not. */
    static Set<ResourceKey> references(Resource pod) {
        Set<ResourceKey> keys = new TreeSet<>();
        String namespace = pod.key().namespace();
        JsonNode spec = pod.body().toNode().path("spec");
        for (JsonNode volume : spec.path("volumes")) {
            volume(keys, namespace, volume);
        }
        if (showsItself(spec)) {
            keys.add(pod.key());
        }
        for (JsonNode reference : spec.path("imagePullSecrets")) {
            add(keys, GroupKind.SECRET, namespace, reference);
        }
        for (String list : List.of("initContainers", "containers", "ephemeralContainers")) {
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

    /** Whether a volume shows the pod's own labels or annotations. */
    private static boolean showsItself(JsonNode spec) {
        for (JsonNode volume : spec.path("volumes")) {
            if (volume.has("downwardAPI")) {
                return true;
            }
            for (JsonNode source : volume.path("projected").path("sources")) {
                JsonNode items = source.path("downwardAPI").path("items");
                for (JsonNode item : items) {
                    String path = item.path("fieldRef").path("fieldPath").asText();
                    if (path.startsWith("metadata.labels")
                            || path.startsWith("metadata.annotations")) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private static void volume(Set<ResourceKey> keys, String namespace, JsonNode volume) {
        add(keys, GroupKind.CONFIG_MAP, namespace, volume.path("configMap"));
        String secret = volume.path("secret").path("secretName").asText();
        if (!secret.isEmpty()) {
            keys.add(new ResourceKey(GroupKind.SECRET, namespace, secret));
        }
        for (JsonNode source : volume.path("projected").path("sources")) {
            add(keys, GroupKind.CONFIG_MAP, namespace, source.path("configMap"));
            add(keys, GroupKind.SECRET, namespace, source.path("secret"));
        }
    }

    private static void add(
            Set<ResourceKey> keys, GroupKind kind, String namespace, JsonNode reference) {
        String name = reference.path("name").asText();
        if (!name.isEmpty()) {
            keys.add(new ResourceKey(kind, namespace, name));
        }
    }

    private static SortedMap<String, byte[]> binary(Resource configMap) {
        SortedMap<String, byte[]> bytes = new TreeMap<>();
        configMap
                .body()
                .toNode()
                .path("binaryData")
                .properties()
                .forEach(entry ->
                        bytes.put(
                                entry.getKey(),
                                Base64.getDecoder().decode(entry.getValue().asText())));
        return bytes;
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
