package dev.shiplog.node.plan;

import dev.shiplog.node.probe.Handler;
import dev.shiplog.node.probe.Prober;
import dev.shiplog.node.runtime.ContainerSpec;
import dev.shiplog.node.runtime.RegistryLogin;
import dev.shiplog.node.runtime.SandboxSpec;
import dev.shiplog.node.runtime.SandboxStatus;
import dev.shiplog.node.volume.PodVolumes;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * One thing to do for a pod. What is under way is wished again at each look until it is done; it is
 * not begun a second time. What is not wished any more is let go.
 */
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
    record PullImage(String container, String image, List<RegistryLogin> logins) implements Effect {
        public PullImage {
            logins = List.copyOf(logins);
        }
    }

    /**
     * Start the attempt of a container that the specification names.
     *
     * @param messageAt the path at which it may leave its last words; empty for nowhere
     */
    record StartContainer(SandboxStatus sandbox, ContainerSpec spec, String messageAt)
            implements Effect {}

    /**
     * Ask a container to end, and end it at a time. May be abandoned for an earlier one.
     *
     * @param least what it gets in any case before it is killed
     */
    record StopContainer(String container, String containerId, Instant killAt, Duration least)
            implements Effect {}

    /** Ask a container how it is. */
    record Probe(
            String container,
            Prober.Target target,
            ProbeKind kind,
            Handler handler,
            Duration timeout)
            implements Effect {}

    /**
     * Do what a pod wants done after a container's start or before its end.
     *
     * @param until when it is too late
     */
    record RunHook(
            String container, Prober.Target target, HookPoint point, Handler handler, Instant until)
            implements Effect {}

    /** Remove an ended container and its logs. */
    record RemoveContainer(String container, String containerId) implements Effect {}

    /** Remove the sandbox with everything in it. */
    record RemoveSandbox(String sandboxId) implements Effect {}

    /** Whether it may take long: nothing waits for it, and the pod is at rest while it goes on. */
    default boolean slow() {
        return switch (this) {
            case PullImage _, StopContainer _, Probe _, RunHook _ -> true;
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
