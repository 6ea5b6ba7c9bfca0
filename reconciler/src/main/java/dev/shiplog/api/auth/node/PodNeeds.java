package dev.shiplog.api.auth.node;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.resource.Resource;

import java.util.Set;
import java.util.TreeSet;

/**
 * What else a pod's node must read to run it: the names that its spec mentions, all of one
 * namespace.
 */
record PodNeeds(Set<String> secrets, Set<String> configMaps, Set<String> claims, String account) {
    static PodNeeds of(Resource pod) {
        JsonNode spec = pod.body().toNode().path("spec");
        PodNeeds needs =
                new PodNeeds(
                        new TreeSet<>(),
                        new TreeSet<>(),
                        new TreeSet<>(),
                        spec.path("serviceAccountName").asText());
        spec.path("imagePullSecrets").forEach(s -> add(needs.secrets, s.path("name")));
        for (String list : new String[] {"initContainers", "containers", "ephemeralContainers"}) {
            spec.path(list).forEach(needs::container);
        }
        spec.path("volumes").forEach(needs::volume);
        return needs;
    }

    private void container(JsonNode container) {
        for (JsonNode source : container.path("envFrom")) {
            add(secrets, source.path("secretRef").path("name"));
            add(configMaps, source.path("configMapRef").path("name"));
        }
        for (JsonNode variable : container.path("env")) {
            add(secrets, variable.path("valueFrom").path("secretKeyRef").path("name"));
            add(configMaps, variable.path("valueFrom").path("configMapKeyRef").path("name"));
        }
    }

    private void volume(JsonNode volume) {
        add(secrets, volume.path("secret").path("secretName"));
        add(configMaps, volume.path("configMap").path("name"));
        add(claims, volume.path("persistentVolumeClaim").path("claimName"));
        for (JsonNode source : volume.path("projected").path("sources")) {
            add(secrets, source.path("secret").path("name"));
            add(configMaps, source.path("configMap").path("name"));
        }
    }

    private static void add(Set<String> names, JsonNode name) {
        if (!name.asText().isEmpty()) {
            names.add(name.asText());
        }
    }
}
