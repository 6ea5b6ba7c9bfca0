package dev.shiplog.node.plan;

import dev.shiplog.node.plan.ContainerView.Role;
import dev.shiplog.node.probe.Answer;
import dev.shiplog.node.runtime.ContainerStatus;
import dev.shiplog.node.runtime.ObservedPod;
import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.node.volume.PodVolumes;

import io.fabric8.kubernetes.api.model.Container;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;

/** Folds the results of effects into what is remembered and what is known to run. Pure. */
public final class PodOutcomes {
    static final String PULL_FAILED = "ErrImagePull";

    private static final String NEVER_PULLED = "ErrImageNeverPull";
    private static final String SANDBOX_FAILED = "FailedCreatePodSandBox";
    private static final String STOP_FAILED = "FailedKillPod";

    private PodOutcomes() {}

    /**
     * After an effect.
     *
     * @param observed what runs, as far as the effect's result tells
     * @param notes what people are told
     * @param lookAfresh whether the runtime must be asked what runs, because the result does not
     *     tell
     */
    public record Folded(
            PodHistory history,
            Optional<ObservedPod> observed,
            List<PodNote> notes,
            boolean lookAfresh) {}

    public static Folded after(
            PodTask task,
            PodHistory history,
            Optional<ObservedPod> observed,
            Effect effect,
            EffectResult result,
            Instant now) {
        if (result instanceof EffectResult.Failed failed) {
            Fold fold = failed(task, history, effect, failed, now);
            return new Folded(fold.history(), observed, fold.notes(), true);
        }
        Fold fold = succeeded(task, history, effect, result, now);
        return new Folded(fold.history(), observe(observed, effect, result), fold.notes(), false);
    }

    record Fold(PodHistory history, List<PodNote> notes) {}

    private static Fold succeeded(
            PodTask task, PodHistory history, Effect effect, EffectResult result, Instant now) {
        return switch (effect) {
            case Effect.MakeVolumes(var volumes)
                    when result
                            instanceof
                            EffectResult.VolumesMade(var paths, Optional<Instant> renewAt) ->
                    new Fold(
                            history.withVolumes(
                                    history.volumes().withMade(volumes, paths, renewAt)),
                            List.of());
            case Effect.MeasureVolumes _
                    when result instanceof EffectResult.VolumesMeasured(var usage) ->
                    measured(history, usage, now);
            case Effect.RemoveVolumes _ ->
                    new Fold(history.withVolumes(history.volumes().withRemoved()), List.of());
            case Effect.EnsureSandbox _ -> new Fold(history.withHeld(Optional.empty()), List.of());
            case Effect.CheckImage(String name, String image)
                    when result instanceof EffectResult.ImageChecked(Optional<String> id) ->
                    id.isPresent() ? here(history, name, image) : absent(task, history, name, now);
            case Effect.PullImage(String name, String image, _)
                    when result instanceof EffectResult.ImagePulled(_, Duration took) ->
                    new Fold(
                            imageHere(history, name),
                            List.of(
                                    PodNote.normal(
                                            "Pulled",
                                            "Successfully pulled image \""
                                                    + image
                                                    + "\" in "
                                                    + seconds(took))));
            case Effect.StartContainer(_, var spec, _)
                    when result instanceof EffectResult.ContainerStarted(var made) ->
                    new Fold(
                            started(history, spec.name(), spec.attempt(), now)
                                    .with(
                                            spec.name(),
                                            c -> c.withSupervision(Supervision.started(made.id()))),
                            List.of(
                                    PodNote.normal("Created", "Created container " + spec.name()),
                                    PodNote.normal("Started", "Started container " + spec.name())));
            case Effect.StopContainer _, Effect.RemoveContainer _, Effect.RemoveSandbox _ ->
                    new Fold(history.withHeld(Optional.empty()), List.of());
            case Effect.Probe probe when result instanceof EffectResult.Answered(Answer answer) ->
                    probed(task, history, probe, answer, now);
            case Effect.RunHook hook when result instanceof EffectResult.Answered(Answer answer) ->
                    hooked(task, history, hook, answer, now);
            case Effect.CheckImage _,
                    Effect.PullImage _,
                    Effect.StartContainer _,
                    Effect.Probe _,
                    Effect.RunHook _,
                    Effect.MakeVolumes _,
                    Effect.MeasureVolumes _ ->
                    throw new IllegalStateException(
                            "expected a result that fits " + effect + ", found " + result);
        };
    }

    /** An answer of a container that is no more, or was replaced, says nothing of the next. */
    private static boolean current(PodHistory history, String name, String containerId) {
        return history.container(name)
                .newest()
                .filter(Attempt::running)
                .filter(attempt -> attempt.containerId().equals(containerId))
                .isPresent();
    }

    private static Fold probed(
            PodTask task, PodHistory history, Effect.Probe probe, Answer answer, Instant now) {
        String name = probe.container();
        Optional<Container> container = task.container(name);
        if (container.isEmpty() || !current(history, name, probe.target().containerId())) {
            return new Fold(history, List.of());
        }
        CareOutcomes.Folded folded =
                CareOutcomes.probed(
                        task,
                        container.get(),
                        role(task, name),
                        history.container(name).supervised(),
                        probe.kind(),
                        answer,
                        now);
        return new Fold(
                history.with(name, c -> c.withSupervision(folded.supervision())), folded.notes());
    }

    private static Fold hooked(
            PodTask task, PodHistory history, Effect.RunHook hook, Answer answer, Instant now) {
        String name = hook.container();
        Optional<Container> container = task.container(name);
        if (container.isEmpty() || !current(history, name, hook.target().containerId())) {
            return new Fold(history, List.of());
        }
        CareOutcomes.Folded folded =
                CareOutcomes.hooked(
                        task,
                        container.get(),
                        role(task, name),
                        history.container(name).supervised(),
                        hook.point(),
                        answer,
                        now);
        return new Fold(
                history.with(name, c -> c.withSupervision(folded.supervision())), folded.notes());
    }

    private static Role role(PodTask task, String name) {
        return task.sidecars().contains(name) ? Role.SIDECAR : Role.MAIN;
    }

    /** A pod that uses more than it may is evicted. */
    private static Fold measured(PodHistory history, SortedMap<String, Long> usage, Instant now) {
        PodHistory after = history.withVolumes(history.volumes().withMeasured(now));
        return VolumePlan.eviction(history.volumes(), usage)
                .filter(_ -> history.end().isEmpty())
                .map(end ->
                        new Fold(
                                after.withEnd(end),
                                List.of(PodNote.warning(Eviction.REASON, end.message()))))
                .orElse(new Fold(after, List.of()));
    }

    private static Fold here(PodHistory history, String name, String image) {
        return new Fold(
                imageHere(history, name),
                List.of(
                        PodNote.normal(
                                "Pulled",
                                "Container image \"" + image + "\" already present on machine")));
    }

    private static PodHistory imageHere(PodHistory history, String name) {
        return history.with(name, c -> c.withImage(ImageState.HERE).withHeld(Optional.empty()));
    }

    private static Fold absent(PodTask task, PodHistory history, String name, Instant now) {
        Container container = task.container(name).orElseThrow();
        if (!ContainerPlan.neverPulls(container)) {
            return new Fold(history.with(name, c -> c.withImage(ImageState.ABSENT)), List.of());
        }
        String message =
                "Container image \""
                        + container.getImage()
                        + "\" is not present with pull policy of Never";
        return held(
                history,
                name,
                NEVER_PULLED,
                new EffectResult.Failed(RuntimeFailure.Kind.IMAGE_NOT_FOUND, message),
                List.of(
                        PodNote.warning(NEVER_PULLED, message),
                        PodNote.warning("Failed", "Error: " + NEVER_PULLED)),
                now);
    }

    /** A restart counts for the back-off from the end that it answers. */
    private static PodHistory started(PodHistory history, String name, int attempt, Instant now) {
        return history.with(
                name,
                c -> {
                    ContainerHistory after =
                            c.withImage(ImageState.UNKNOWN).withHeld(Optional.empty());
                    return attempt == 0
                            ? after
                            : after.withRestart(Backoff.next(c.restart(), lastEnd(c, now), now));
                });
    }

    private static Instant lastEnd(ContainerHistory history, Instant now) {
        return history.newest()
                .flatMap(Attempt::end)
                .map(ContainerState.Terminated::finishedAt)
                .orElse(now);
    }

    private static Fold failed(
            PodTask task,
            PodHistory history,
            Effect effect,
            EffectResult.Failed failed,
            Instant now) {
        return switch (effect) {
            case Effect.EnsureSandbox _ ->
                    heldPod(history, SANDBOX_FAILED, "Failed to create pod sandbox", failed, now);
            case Effect.CheckImage(String name, String image) ->
                    imageFailed(history, name, image, failed, now);
            case Effect.PullImage(String name, String image, _) ->
                    imageFailed(history, name, image, failed, now);
            case Effect.StartContainer(_, var spec, _) ->
                    failed.kind() == RuntimeFailure.Kind.START_FAILED
                            ? notStarted(task, history, spec.name(), spec.attempt(), failed, now)
                            : held(
                                    history,
                                    spec.name(),
                                    "CreateContainerError",
                                    failed,
                                    List.of(
                                            PodNote.warning(
                                                    "Failed", "Error: " + failed.message())),
                                    now);
            case Effect.StopContainer(String name, _, _, _) ->
                    heldPod(history, STOP_FAILED, "Error stopping container " + name, failed, now);
            case Effect.RemoveSandbox _ ->
                    heldPod(history, STOP_FAILED, "Error removing pod sandbox", failed, now);
            case Effect.Probe probe ->
                    probed(task, history, probe, Answer.notAsked(failed.message()), now);
            case Effect.RunHook hook ->
                    hooked(task, history, hook, Answer.notAsked(failed.message()), now);
            case Effect.MakeVolumes(var volumes) -> volumesFailed(history, volumes, failed, now);
            case Effect.RemoveVolumes _ ->
                    heldPod(history, STOP_FAILED, "Error removing volumes", failed, now);
            // What could not be measured is measured the next time.
            case Effect.MeasureVolumes _ ->
                    new Fold(history.withVolumes(history.volumes().withMeasured(now)), List.of());
            // An old container that stays a while longer harms nobody.
            case Effect.RemoveContainer _ -> new Fold(history, List.of());
        };
    }

    private static Fold volumesFailed(
            PodHistory history, PodVolumes volumes, EffectResult.Failed failed, Instant now) {
        Optional<Held> before = history.volumes().held();
        Held held = Held.after(before, VolumePlan.FAILED, failed, now);
        return new Fold(
                history.withVolumes(history.volumes().withFailed(volumes, held)),
                Held.known(before, VolumePlan.FAILED, failed)
                        ? List.of()
                        : List.of(PodNote.warning(VolumePlan.FAILED, failed.message())));
    }

    /** After it was found out that no sandbox can be what the pod asks for. */
    static Fold sandboxRefused(PodHistory history, String why, Instant now) {
        return heldPod(
                history,
                SANDBOX_FAILED,
                "Failed to create pod sandbox",
                new EffectResult.Failed(RuntimeFailure.Kind.INVALID_SPEC, why),
                now);
    }

    private static Fold heldPod(
            PodHistory history,
            String reason,
            String what,
            EffectResult.Failed failed,
            Instant now) {
        Held held = Held.after(history.held(), reason, failed, now);
        return new Fold(
                history.withHeld(Optional.of(held)),
                Held.known(history.held(), reason, failed)
                        ? List.of()
                        : List.of(PodNote.warning(reason, what + ": " + failed.message())));
    }

    private static Fold imageFailed(
            PodHistory history,
            String name,
            String image,
            EffectResult.Failed failed,
            Instant now) {
        boolean invalid = failed.kind() == RuntimeFailure.Kind.INVALID_IMAGE_NAME;
        if (invalid) {
            return held(
                    history,
                    name,
                    "InvalidImageName",
                    failed,
                    List.of(
                            PodNote.warning("InspectFailed", failed.message()),
                            PodNote.warning("Failed", "Error: InvalidImageName")),
                    now);
        }
        return held(
                history,
                name,
                PULL_FAILED,
                failed,
                List.of(
                        PodNote.warning(
                                "Failed",
                                "Failed to pull image \"" + image + "\": " + failed.message()),
                        PodNote.warning("Failed", "Error: ErrImagePull")),
                now);
    }

    /**
     * The image is looked for again before the next try. People are told once of what stays the
     * same, except of pulls: each is a try of its own.
     */
    private static Fold held(
            PodHistory history,
            String name,
            String reason,
            EffectResult.Failed failed,
            List<PodNote> notes,
            Instant now) {
        Optional<Held> before = history.container(name).held();
        Held held = Held.after(before, reason, failed, now);
        boolean told = !reason.equals(PULL_FAILED) && Held.known(before, reason, failed);
        return new Fold(
                history.with(
                        name, c -> c.withImage(ImageState.UNKNOWN).withHeld(Optional.of(held))),
                told ? List.of() : notes);
    }

    private static Fold notStarted(
            PodTask task,
            PodHistory history,
            String name,
            int attempt,
            EffectResult.Failed failed,
            Instant now) {
        String image = task.container(name).orElseThrow().getImage();
        PodHistory after =
                started(history, name, attempt, now)
                        .with(
                                name,
                                c ->
                                        c.with(
                                                        Optional.of(
                                                                Attempt.notStarted(
                                                                        attempt,
                                                                        image,
                                                                        failed.message(),
                                                                        now)),
                                                        c.newest()
                                                                .flatMap(Attempt::end)
                                                                .or(c::previous))
                                                .withLostSandbox(false));
        return new Fold(after, List.of(PodNote.warning("Failed", "Error: " + failed.message())));
    }

    private static Optional<ObservedPod> observe(
            Optional<ObservedPod> observed, Effect effect, EffectResult result) {
        if (result instanceof EffectResult.SandboxReady(var sandbox)) {
            return Optional.of(
                    new ObservedPod(
                            sandbox, observed.map(ObservedPod::containers).orElse(List.of())));
        }
        if (effect instanceof Effect.RemoveSandbox) {
            return Optional.empty();
        }
        return observed.map(pod -> new ObservedPod(pod.sandbox(), containers(pod, effect, result)));
    }

    private static List<ContainerStatus> containers(
            ObservedPod pod, Effect effect, EffectResult result) {
        Stream<ContainerStatus> known = pod.containers().stream();
        return switch (result) {
            case EffectResult.ContainerStarted(var container) -> replaced(known, container);
            case EffectResult.ContainerStopped(var container) -> replaced(known, container);
            case EffectResult.Removed _ when effect instanceof Effect.RemoveContainer removed ->
                    known.filter(c -> !c.id().equals(removed.containerId())).toList();
            case EffectResult _ -> pod.containers();
        };
    }

    private static List<ContainerStatus> replaced(
            Stream<ContainerStatus> known, ContainerStatus container) {
        List<ContainerStatus> after =
                new ArrayList<>(known.filter(c -> !c.id().equals(container.id())).toList());
        after.add(container);
        after.sort(
                Comparator.comparing(ContainerStatus::name)
                        .thenComparingInt(ContainerStatus::attempt));
        return after;
    }

    private static String seconds(Duration took) {
        return took.toSeconds() == 0
                ? took.toMillis() + "ms"
                : String.format(Locale.ROOT, "%.3fs", took.toMillis() / 1000.0);
    }
}
