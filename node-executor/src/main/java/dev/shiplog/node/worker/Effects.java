package dev.shiplog.node.worker;

import dev.shiplog.node.plan.Effect;
import dev.shiplog.node.plan.EffectResult;
import dev.shiplog.node.plan.EffectResult.Failed;
import dev.shiplog.node.runtime.PodRuntime;
import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.node.volume.VolumeFailure;
import dev.shiplog.node.volume.Volumes;
import dev.shiplog.resource.Uid;

import java.time.Duration;

/** Carries out effects on the runtime and on volumes, a bounded number at once. */
public final class Effects {
    /**
     * Starts and removals side by side on one machine. Measured on Docker: at eight the fixed costs
     * of a pod's start are shared as far as they can be.
     */
    static final int MOST_AT_ONCE = 8;

    /** How long to wait for one of these turns. */
    static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

    private final PodRuntime runtime;
    private final ImagePulls pulls;
    private final Volumes volumes;
    private final Turns turns = new Turns(MOST_AT_ONCE);

    public Effects(PodRuntime runtime, ImagePulls pulls, Volumes volumes) {
        this.volumes = volumes;
        this.runtime = runtime;
        this.pulls = pulls;
    }

    /** Carries out one effect; blocks until it is done. */
    EffectResult carryOut(Effect effect) throws InterruptedException {
        if (effect instanceof Effect.PullImage(_, String image, var logins)) {
            return pulls.pull(image, logins);
        }
        try {
            if (effect instanceof Effect.StopContainer(_, String id, Duration grace)) {
                return new EffectResult.ContainerStopped(runtime.stopContainer(id, grace));
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
                case Effect.StartContainer(var sandbox, var spec) ->
                        new EffectResult.ContainerStarted(
                                runtime.startContainer(
                                        sandbox,
                                        spec.withMounts(
                                                volumes.ready(
                                                        new Uid(sandbox.podUid()),
                                                        spec.mounts()))));
                case Effect.RemoveContainer(_, String id) -> {
                    runtime.removeContainer(id);
                    yield new EffectResult.Removed();
                }
                case Effect.RemoveSandbox(String id) -> {
                    runtime.removeSandbox(id);
                    yield new EffectResult.Removed();
                }
                case Effect.PullImage _, Effect.StopContainer _, Effect.CheckImage _ ->
                        throw new IllegalStateException(effect + " needs no turn");
            };
        } finally {
            turns.release();
        }
    }
}
