package dev.shiplog.node.plan;

import dev.shiplog.node.runtime.ContainerSpec;
import dev.shiplog.node.runtime.RegistryLogin;
import dev.shiplog.node.runtime.SandboxSpec;
import dev.shiplog.node.runtime.SandboxStatus;
import dev.shiplog.node.volume.PodVolumes;

import java.time.Duration;
import java.util.List;

/** One thing to do to the runtime. Idempotent: done twice, it is done once. */
public sealed interface Effect {
    /** Make a pod's volumes as they should be. */
    record MakeVolumes(PodVolumes volumes) implements Effect {}

    /** Look how much a pod's volumes hold. */
    record MeasureVolumes(String podUid) implements Effect {}

    /** Remove all of a pod's volumes. */
    record RemoveVolumes(String podUid) implements Effect {}

    /** Make the pod's sandbox, or find it. */
    record EnsureSandbox(SandboxSpec spec) implements Effect {}

    /** Look whether an image is here. */
    record CheckImage(String container, String image) implements Effect {}

    /** Pull an image. Takes as long as it takes; may be abandoned. */
    record PullImage(String container, String image, List<RegistryLogin> logins)
            implements Effect {
        public PullImage {
            logins = List.copyOf(logins);
        }
    }

    /** Start the attempt of a container that the specification names. */
    record StartContainer(SandboxStatus sandbox, ContainerSpec spec) implements Effect {}

    /**
     * Ask a container to end, and end it after the grace period. May be abandoned for a shorter
     * grace period.
     */
    record StopContainer(String container, String containerId, Duration grace) implements Effect {}

    /** Remove an ended container and its logs. */
    record RemoveContainer(String container, String containerId) implements Effect {}

    /** Remove the sandbox with everything in it. */
    record RemoveSandbox(String sandboxId) implements Effect {}

    /**
     * Whether it may take long, so that its outcome is reported before it, and a newer wish does
     * not wait for it.
     */
    default boolean slow() {
        return switch (this) {
            case PullImage _, StopContainer _ -> true;
            case MakeVolumes _,
                    MeasureVolumes _,
                    RemoveVolumes _,
                    EnsureSandbox _,
                    CheckImage _,
                    StartContainer _,
                    RemoveContainer _,
                    RemoveSandbox _ ->
                    false;
        };
    }
}
