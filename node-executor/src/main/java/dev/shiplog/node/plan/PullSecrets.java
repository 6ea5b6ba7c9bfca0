package dev.shiplog.node.plan;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.node.runtime.RegistryLogin;
import dev.shiplog.resource.Json;

import io.fabric8.kubernetes.api.model.LocalObjectReference;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The logins in the Secrets that a pod's {@code imagePullSecrets} name: types
 * kubernetes.io/dockerconfigjson and kubernetes.io/dockercfg. What is missing or damaged is left
 * out, as in Kubernetes: the image may be had without.
 */
final class PullSecrets {
    private static final String JSON_KEY = ".dockerconfigjson";
    private static final String OLD_KEY = ".dockercfg";

    private PullSecrets() {}

    static List<RegistryLogin> of(PodTask task) {
        List<RegistryLogin> logins = new ArrayList<>();
        for (LocalObjectReference reference : task.pod().getSpec().getImagePullSecrets()) {
            task.inputs().secret(reference.getName()).ifPresent(secret -> add(secret, logins));
        }
        return logins;
    }

    private static void add(SortedMap<String, byte[]> secret, List<RegistryLogin> logins) {
        read(secret, JSON_KEY).ifPresent(file -> addAll(file.path("auths"), logins));
        read(secret, OLD_KEY).ifPresent(file -> addAll(file, logins));
    }

    private static Optional<JsonNode> read(SortedMap<String, byte[]> secret, String key) {
        byte[] bytes = secret.get(key);
        if (bytes == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Json.parse(new String(bytes, StandardCharsets.UTF_8)).toNode());
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static void addAll(JsonNode registries, List<RegistryLogin> logins) {
        registries
                .properties()
                .forEach(entry ->
                        login(registry(entry.getKey()), entry.getValue()).ifPresent(logins::add));
    }

    private static Optional<RegistryLogin> login(String registry, JsonNode entry) {
        String username = entry.path("username").asText();
        String password = entry.path("password").asText();
        if (username.isEmpty() && entry.path("auth").isTextual()) {
            try {
                String both =
                        new String(
                                Base64.getDecoder().decode(entry.path("auth").asText()),
                                StandardCharsets.UTF_8);
                int colon = both.indexOf(':');
                if (colon > 0) {
                    username = both.substring(0, colon);
                    password = both.substring(colon + 1);
                }
            } catch (IllegalArgumentException _) {
                return Optional.empty();
            }
        }
        return username.isEmpty()
                ? Optional.empty()
                : Optional.of(new RegistryLogin(registry, username, password));
    }

    /** The key of a registry is a URL or a host, maybe with a path. */
    private static String registry(String key) {
        String place =
                key.replaceFirst("^https?://", "")
                        .replaceFirst("/+$", "")
                        .replaceFirst("/v[12]$", "");
        int slash = place.indexOf('/');
        String host = slash < 0 ? place : place.substring(0, slash);
        String path = slash < 0 ? "" : place.substring(slash);
        return (host.equals("index.docker.io") || host.equals("registry-1.docker.io")
                        ? "docker.io"
                        : host)
                + path;
    }
}
