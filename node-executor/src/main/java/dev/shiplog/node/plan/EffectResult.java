package dev.shiplog.node.plan;

import dev.shiplog.node.probe.Answer;
import dev.shiplog.node.runtime.ContainerStatus;
import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.node.runtime.SandboxStatus;

import java.time.Duration;
import java.util.Optional;

/** What became of an effect. */
public sealed interface EffectResult {
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

    /** A container or a sandbox is gone. */
    record Removed() implements EffectResult {}

    /**
     * @param message fit for {@code kubectl describe}
     */
    record Failed(RuntimeFailure.Kind kind, String message) implements EffectResult {}
}
