package dev.shiplog.source;

import dev.shiplog.command.DeclaredResource;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.yaml.Manifests.Decoded;

import java.util.Optional;

/** Turns one file into what it declares; a {@link SealedManifests} outside of tests. */
@FunctionalInterface
public interface ManifestDecoder {
    Decoded decode(String path, byte[] content, String defaultNamespace);

    /**
     * A resource as it may be kept: without anything that the log must not hold.
     *
     * @param before the body that is declared now, if any is
     */
    default DeclaredResource kept(DeclaredResource decoded, Optional<Json> before) {
        return decoded;
    }
}
