package dev.shiplog.cli;

import dev.shiplog.boot.Settings;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.util.List;
import java.util.Optional;

/** Where a node fetches images from, besides where their names say. */
final class RegistryOptions {
    @Option(
            names = "--registry-mirror",
            paramLabel = "URL",
            split = ",",
            description =
                    "Ask this registry first for images of docker.io; may be given several times.")
    private @Nullable List<String> mirrors;

    @Option(
            names = "--insecure-registry",
            paramLabel = "HOST[:PORT]",
            split = ",",
            description =
                    "A registry that may speak plain HTTP, or have a certificate that nobody vouches"
                            + " for; may be given several times.")
    private @Nullable List<String> insecure;

    @Option(
            names = "--image-repository",
            paramLabel = "REPOSITORY",
            description =
                    "Where images come from whose names say no registry, instead of docker.io.")
    private @Nullable String imageRepository;

    /** Whether any of them was said. */
    boolean given() {
        return mirrors != null || insecure != null || imageRepository != null;
    }

    /** The settings before, but for what was said. */
    Settings over(Settings before) {
        return before.withRegistries(
                Optional.ofNullable(mirrors),
                Optional.ofNullable(insecure),
                Optional.ofNullable(imageRepository));
    }
}
