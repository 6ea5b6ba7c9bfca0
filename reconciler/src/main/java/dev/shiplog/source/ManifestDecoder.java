package dev.shiplog.source;

import dev.shiplog.resource.yaml.Manifests.Decoded;

/** Turns one file into what it declares; {@code Manifests::decode} outside of tests. */
@FunctionalInterface
public interface ManifestDecoder {
    Decoded decode(String path, byte[] content, String defaultNamespace);
}
