package dev.shiplog.node.runtime.docker;

import com.github.dockerjava.api.model.Version;

import dev.shiplog.node.runtime.RuntimeFailure;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Whether a Docker Engine answers on this machine, found out in less than a second. */
public sealed interface EngineProbe {
    /** How long an Engine has to answer. */
    Duration LIMIT = Duration.ofSeconds(5);

    /**
     * It answers.
     *
     * @param version such as {@code 20.10.24}
     */
    record Available(URI host, String version) implements EngineProbe {}

    /**
     * It does not.
     *
     * @param reason fit to be shown to a person: what was tried, what happened, what to do
     */
    record Unavailable(URI host, String reason) implements EngineProbe {}

    /** Asks the Engine that {@code DOCKER_HOST}, the Docker context or the usual socket names. */
    static EngineProbe probe() {
        try (Engine engine = Engine.fromEnvironment()) {
            return probe(engine);
        } catch (RuntimeException badSettings) {
            return new Unavailable(
                    URI.create("docker:"),
                    "the Docker settings in DOCKER_HOST or ~/.docker cannot be used: "
                            + Engine.rootMessage(badSettings));
        }
    }

    /** Asks the Engine at an address, such as {@code unix:///var/run/docker.sock}. */
    static EngineProbe probe(URI host) {
        try (Engine engine = Engine.at(host)) {
            return probe(engine);
        }
    }

    private static EngineProbe probe(Engine engine) {
        URI host = engine.host();
        if ("unix".equals(host.getScheme()) && !Files.exists(Path.of(host.getPath()))) {
            return new Unavailable(
                    host,
                    "there is no Docker socket at %s: Docker is not installed or not started"
                            .formatted(host.getPath()));
        }
        try {
            Version version =
                    engine.call(
                            "asking for the version",
                            LIMIT,
                            () -> engine.client().versionCmd().exec());
            return new Available(host, version.getVersion());
        } catch (RuntimeFailure | RuntimeException failure) {
            return new Unavailable(host, reason(host, failure));
        }
    }

    private static String reason(URI host, Exception failure) {
        String message = Engine.rootMessage(failure);
        if (message.contains("Permission denied")) {
            return "no permission to use the Docker socket at %s: add yourself to the group docker, or be root"
                    .formatted(host.getPath());
        }
        if (message.contains("Connection refused")) {
            return "nobody answers at %s: the Docker Engine is not running".formatted(host);
        }
        return "Docker at %s does not answer: %s".formatted(host, message);
    }
}
