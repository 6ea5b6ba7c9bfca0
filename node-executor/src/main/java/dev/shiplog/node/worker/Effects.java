package dev.shiplog.node.worker;

import dev.shiplog.node.plan.Effect;
import dev.shiplog.node.plan.EffectResult;
import dev.shiplog.node.plan.EffectResult.Failed;
import dev.shiplog.node.runtime.PodRuntime;
import dev.shiplog.node.runtime.RuntimeFailure;

import java.time.Duration;

/** Carries out effects on the runtime, a bounded number at once. */
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
    private final Turns turns = new Turns(MOST_AT_ONCE);

    public Effects(PodRuntime runtime, ImagePulls pulls) {
        this.runtime = runtime;
        this.pulls = pulls;
    }

    /** Carries out one effect; blocks until it is done. */
    EffectResult carryOut(Effect effect) throws InterruptedException {
        if (effect instanceof Effect.PullImage(_, String image)) {
            return pulls.pull(image);
        }
        try {
            if (effect instanceof Effect.StopContainer(_, String id, Duration grace)) {
                return new EffectResult.ContainerStopped(runtime.stopContainer(id, grace));
            }
            if (effect instanceof Effect.CheckImage(_, String image)) {
                return new EffectResult.ImageChecked(runtime.imageId(image));
            }
            return inTurn(effect);
        } catch (RuntimeFailure e) {
            return new Failed(e.kind(), String.valueOf(e.getMessage()));
        }
    }

    private EffectResult inTurn(Effect effect) throws InterruptedException, RuntimeFailure {
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
                case Effect.EnsureSandbox(var spec) ->
                        new EffectResult.SandboxReady(runtime.runSandbox(spec));
                case Effect.StartContainer(var sandbox, var spec) ->
                        new EffectResult.ContainerStarted(runtime.startContainer(sandbox, spec));
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
