package dev.shiplog.node.worker;

import dev.shiplog.node.plan.Effect;
import dev.shiplog.node.plan.EffectResult;
import dev.shiplog.node.plan.EffectResult.Failed;
import dev.shiplog.node.probe.Answer;
import dev.shiplog.node.probe.Prober;
import dev.shiplog.node.runtime.ContainerSpec;
import dev.shiplog.node.runtime.Mount;
import dev.shiplog.node.runtime.PodRuntime;
import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.node.volume.VolumeFailure;
import dev.shiplog.node.volume.Volumes;
import dev.shiplog.resource.Uid;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Carries out effects on the runtime and on volumes, a bounded number at once. */
public final class Effects {
    /**
     * Starts and removals side by side on one machine. Measured on Docker: at eight the fixed costs
     * of a pod's start are shared as far as they can be.
     */
    static final int MOST_AT_ONCE = 8;

    /** How long to wait for one of these turns. */
    static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

    /** Probes under way on one machine. */
    static final int MOST_PROBES = 64;

    private static final Logger LOG = LoggerFactory.getLogger(Effects.class);

    private final PodRuntime runtime;
    private final ImagePulls pulls;
    private final Prober prober;
    private final Volumes volumes;
    private final InstantSource clock;
    private final Turns turns = new Turns(MOST_AT_ONCE);
    private final Turns probes = new Turns(MOST_PROBES);

    /**
     * @param prober carries out probes and hooks
     */
    public Effects(
            PodRuntime runtime,
            ImagePulls pulls,
            Prober prober,
            Volumes volumes,
            InstantSource clock) {
        this.volumes = volumes;
        this.runtime = runtime;
        this.pulls = pulls;
        this.prober = prober;
        this.clock = clock;
    }

    /** Carries out one effect; blocks until it is done. */
    EffectResult carryOut(Effect effect) throws InterruptedException {
        if (effect instanceof Effect.PullImage(_, String image, var logins)) {
            return pulls.pull(image, logins);
        }
        try {
            if (effect instanceof Effect.StopContainer stop) {
                return new EffectResult.ContainerStopped(
                        runtime.stopContainer(stop.containerId(), grace(stop)));
            }
            if (effect instanceof Effect.Probe probe) {
                return probe(probe);
            }
            if (effect instanceof Effect.RunHook hook) {
                return new EffectResult.Answered(hook(hook));
            }
            if (effect instanceof Effect.CheckImage(_, String image)) {
                return new EffectResult.ImageChecked(runtime.imageId(image));
            }
            return inTurn(effect);
        } catch (VolumeFailure e) {
            return new Failed(RuntimeFailure.Kind.INVALID_SPEC, e.text());
        } catch (RuntimeFailure e) {
            return new Failed(e.kind(), String.valueOf(e.getMessage()));
        }
    }

    /** Starts a container with its volumes, and with a file for its last words. */
    private EffectResult start(Effect.StartContainer start) throws RuntimeFailure, VolumeFailure {
        ContainerSpec spec = start.spec();
        Uid pod = new Uid(start.sandbox().podUid());
        List<Mount> mounts = new ArrayList<>(volumes.ready(pod, spec.mounts()));
        if (mounts.stream().noneMatch(m -> m.containerPath().equals(start.messageAt()))) {
            volumes.messages()
                    .make(pod, spec.name(), spec.attempt())
                    .ifPresent(file -> mounts.add(Mount.of(file, start.messageAt())));
        }
        return new EffectResult.ContainerStarted(
                runtime.startContainer(start.sandbox(), spec.withMounts(mounts)));
    }

    /** What the containers of this node leave when they end. */
    LastWords lastWords() {
        return new LastWords(runtime, volumes.messages());
    }

    /** What is left of the time that a container has, but never less than it has in any case. */
    private Duration grace(Effect.StopContainer stop) {
        Duration left = Duration.between(clock.instant(), stop.killAt());
        return left.compareTo(stop.least()) < 0 ? stop.least() : left;
    }

    private EffectResult probe(Effect.Probe probe) throws InterruptedException {
        if (!probes.tryAcquire(false, LONGEST_WAIT)) {
            return new Failed(
                    RuntimeFailure.Kind.UNAVAILABLE, "too many probes are under way on this node");
        }
        try {
            return new EffectResult.Answered(
                    prober.ask(probe.target(), probe.handler(), probe.timeout()));
        } finally {
            probes.release();
        }
    }

    /** The reason of a failed hook is told to the node's operator only: it may be secret. */
    private Answer hook(Effect.RunHook hook) throws InterruptedException {
        Duration left = Duration.between(clock.instant(), hook.until());
        Answer answer = prober.ask(hook.target(), hook.handler(), left);
        if (!answer.well()) {
            LOG.info(
                    "the {} hook of container {} ({}) failed: {}",
                    hook.point(),
                    hook.container(),
                    hook.target().containerId(),
                    answer.message());
        }
        return answer;
    }

    private EffectResult inTurn(Effect effect)
            throws InterruptedException, RuntimeFailure, VolumeFailure {
        boolean finishes = effect instanceof Effect.StartContainer;
        if (!turns.tryAcquire(finishes, LONGEST_WAIT)) {
            return new Failed(
                    RuntimeFailure.Kind.UNAVAILABLE,
                    "expected the runtime to be free within "
                            + LONGEST_WAIT.toMinutes()
                            + " minutes");
        }
        try {
            return switch (effect) {
                case Effect.MakeVolumes(var wished) -> {
                    Volumes.Made made = volumes.make(wished);
                    yield new EffectResult.VolumesMade(made.paths(), made.renewAt());
                }
                case Effect.MeasureVolumes(String uid) ->
                        new EffectResult.VolumesMeasured(volumes.usage(new Uid(uid)));
                case Effect.RemoveVolumes(String uid) -> {
                    volumes.remove(new Uid(uid));
                    yield new EffectResult.Removed();
                }
                case Effect.EnsureSandbox(var spec) ->
                        new EffectResult.SandboxReady(runtime.runSandbox(spec));
                case Effect.StartContainer start -> start(start);
                case Effect.RemoveContainer(_, String id) -> {
                    runtime.removeContainer(id);
                    yield new EffectResult.Removed();
                }
                case Effect.RemoveSandbox(String id) -> {
                    runtime.removeSandbox(id);
                    yield new EffectResult.Removed();
                }
                case Effect.PullImage _,
                        Effect.StopContainer _,
                        Effect.CheckImage _,
                        Effect.Probe _,
                        Effect.RunHook _ ->
                        throw new IllegalStateException(effect + " needs no turn");
            };
        } finally {
            turns.release();
        }
    }
}
