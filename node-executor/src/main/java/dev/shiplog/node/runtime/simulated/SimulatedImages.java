package dev.shiplog.node.runtime.simulated;

import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.node.runtime.RuntimeFailure.Kind;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Every image is here, except those whose name says otherwise: {@code missing} is in no registry,
 * {@code unreachable} has a registry that does not answer.
 */
final class SimulatedImages {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9.:_-]+(/[a-z0-9.:_@-]+)*");

    private SimulatedImages() {}

    static Optional<String> id(String image) {
        if (image.contains("missing") || image.contains("unreachable")) {
            return Optional.empty();
        }
        UUID hash = UUID.nameUUIDFromBytes(image.getBytes(StandardCharsets.UTF_8));
        return Optional.of("sha256:" + hash.toString().replace("-", "").repeat(2));
    }

    static String pull(String image) throws RuntimeFailure {
        if (!NAME.matcher(image).matches()) {
            throw new RuntimeFailure(
                    Kind.INVALID_IMAGE_NAME, "expected an image name, found \"" + image + "\"");
        }
        if (image.contains("unreachable")) {
            throw new RuntimeFailure(
                    Kind.REGISTRY_UNREACHABLE,
                    "pulling image \"" + image + "\": the registry did not answer");
        }
        return id(image)
                .orElseThrow(() ->
                        new RuntimeFailure(
                                Kind.IMAGE_NOT_FOUND,
                                "pulling image \"" + image + "\": not found"));
    }
}
