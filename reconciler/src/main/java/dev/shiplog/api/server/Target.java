package dev.shiplog.api.server;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Status;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a path under {@code /api} or {@code /apis} names.
 *
 * @param plural empty if only a version is named
 * @param name empty if all of a kind are meant
 * @param subresource empty for the resource itself; of a proxied path only {@code proxy}
 */
record Target(
        String apiVersion,
        Optional<String> namespace,
        String plural,
        String name,
        String subresource) {

    /** Reads a path below {@code /api/<version>} or {@code /apis/<group>/<version>}. */
    static Target of(String apiVersion, List<String> rest) {
        Optional<String> namespace = Optional.empty();
        List<String> parts = rest;
        boolean inNamespace =
                parts.size() >= 3
                        && parts.get(0).equals("namespaces")
                        && !parts.get(2).equals("status")
                        && !parts.get(2).equals("finalize");
        if (inNamespace) {
            namespace = Optional.of(parts.get(1));
            parts = parts.subList(2, parts.size());
        }
        return new Target(
                apiVersion,
                namespace,
                parts.isEmpty() ? "" : parts.get(0),
                parts.size() > 1 ? parts.get(1) : "",
                parts.size() > 2 ? subresource(parts.subList(2, parts.size())) : "");
    }

    /** What follows {@code proxy} names something in the pod, not here. */
    private static String subresource(List<String> parts) {
        return parts.getFirst().equals("proxy") ? "proxy" : String.join("/", parts);
    }

    /** The decoded parts of a path. */
    static List<String> split(String rawPath) {
        List<String> parts = new ArrayList<>();
        for (String part : rawPath.split("/", -1)) {
            if (!part.isEmpty()) {
                try {
                    parts.add(URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8));
                } catch (IllegalArgumentException e) {
                    throw new ApiFailure(
                            Status.badRequest(
                                    "expected a percent-encoded path, found \"" + rawPath + "\""),
                            e);
                }
            }
        }
        return parts;
    }
}
