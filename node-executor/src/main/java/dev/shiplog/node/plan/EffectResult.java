package dev.shiplog.node.plan;

import dev.shiplog.node.probe.Answer;
import dev.shiplog.node.runtime.ContainerStatus;
import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.node.runtime.SandboxStatus;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;

/** What became of an effect. */
public sealed interface EffectResult {
    /**
     * @param paths where each volume begins, by name
     * @param renewAt when they must be made again
     */
    record VolumesMade(SortedMap<String, Path> paths, Optional<Instant> renewAt)
            implements EffectResult {}

    /**
     * @param usage bytes by name
     */
    record VolumesMeasured(SortedMap<String, Long> usage) implements EffectResult {}

    record SandboxReady(SandboxStatus sandbox) implements EffectResult {}

    /**
     * @param imageId the image's content id; empty if it is not here
     */
    record ImageChecked(Optional<String> imageId) implements EffectResult {}

    /**
     * @param took how long the pull took, without waiting for its turn
     */
    record ImagePulled(String imageId, Duration took) implements EffectResult {}

    record ContainerStarted(ContainerStatus container) implements EffectResult {}

    record ContainerStopped(ContainerStatus container) implements EffectResult {}

    /** A probe or a hook was carried out. */
    record Answered(Answer answer) implements EffectResult {}

    /** A container, a sandbox or the volumes are gone. */
    record Removed() implements EffectResult {}

    /**
     * @param message fit for {@code kubectl describe}
     */
    record Failed(RuntimeFailure.Kind kind, String message) implements EffectResult {}
}
