package dev.shiplog.node.plan;

import dev.shiplog.node.plan.ContainerView.Role;
import dev.shiplog.node.runtime.SandboxStatus;

import io.fabric8.kubernetes.api.model.Container;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What to do next about one container. Pure. */
final class ContainerPlan {
    /** How long the reason of a failed pull is shown before it is called a back-off. */
    static final Duration PULL_ERROR_SHOWN = Duration.ofSeconds(1);

    private final PodTask task;
    private final Container container;
    private final Role role;
    private final NodeFacts node;
    private final Instant now;
    private final Function<String, Optional<String>> targets;
    private final VolumeHistory volumes;

    private ContainerHistory history;
    private final List<PodNote> notes = new ArrayList<>();
    private Optional<Effect> start = Optional.empty();
    private List<Effect> care = List.of();
    private Optional<Instant> lookAgain = Optional.empty();

    private ContainerPlan(
            PodTask task,
            Container container,
            Role role,
            ContainerHistory history,
            VolumeHistory volumes,
            Function<String, Optional<String>> targets,
            NodeFacts node,
            Instant now) {
        this.targets = targets;
        this.volumes = volumes;
        this.task = task;
        this.container = container;
        this.role = role;
        this.history = history;
        this.node = node;
        this.now = now;
    }

    /**
     * @param start the next thing to do on the way to a running container
     * @param care what to do about one that runs
     * @param starting whether it runs and is not up yet: the next one waits for it
     * @param history what to remember, if the notes are told
     */
    record Verdict(
            ContainerView view,
            Optional<Effect> start,
            List<Effect> care,
            boolean starting,
            ContainerHistory history,
            List<PodNote> notes,
            Optional<Instant> lookAgain) {
        Verdict {
            care = List.copyOf(care);
            notes = List.copyOf(notes);
        }
    }

    /** When a container may be started, and what its status says while it may not. */
    sealed interface Permission {
        record Granted(SandboxStatus sandbox) implements Permission {}

        /**
         * @param reason what the container waits for if it was never started
         * @param podIp where one that runs is asked how it is; empty if it is only looked at
         */
        record Withheld(String reason, String podIp) implements Permission {}
    }

    /**
     * @param targets the id of a running container of that name
     */
    static Verdict decide(
            PodTask task,
            Container container,
            Role role,
            ContainerHistory history,
            VolumeHistory volumes,
            Permission permission,
            Function<String, Optional<String>> targets,
            NodeFacts node,
            Instant now) {
        ContainerPlan plan =
                new ContainerPlan(task, container, role, history, volumes, targets, node, now);
        ContainerState state = plan.state(permission);
        return new Verdict(
                plan.view(state),
                plan.start,
                plan.care,
                plan.runs() && !(state instanceof ContainerState.Running),
                plan.history,
                plan.notes,
                plan.lookAgain);
    }

    private ContainerState state(Permission permission) {
        Optional<Attempt> newest = history.newest();
        if (newest.isPresent() && newest.get().running()) {
            return running(newest.get(), permission);
        }
        Optional<ContainerState.Terminated> end = newest.flatMap(Attempt::end);
        return switch (permission) {
            case Permission.Withheld(String reason, _) ->
                    end.isPresent() ? end.get() : new ContainerState.Waiting(reason, "");
            case Permission.Granted(SandboxStatus sandbox) ->
                    end.isPresent() ? afterEnd(end.get(), sandbox) : begin(sandbox);
        };
    }

    private boolean runs() {
        return history.newest().filter(Attempt::running).isPresent();
    }

    /** One that runs is said to run once the hook after its start is done. */
    private ContainerState running(Attempt attempt, Permission permission) {
        String podIp =
                switch (permission) {
                    case Permission.Granted(SandboxStatus sandbox) -> sandbox.ip();
                    case Permission.Withheld(_, String ip) -> ip;
                };
        if (!podIp.isEmpty()) {
            ContainerCare.Verdict verdict = ContainerCare.of(container, role, history, podIp, now);
            care = verdict.effects();
            lookAgain = verdict.lookAgain();
            history = history.withSupervision(verdict.supervision());
        }
        return ContainerCare.startDone(container, history.supervised())
                ? new ContainerState.Running(attempt.started().orElseThrow())
                : new ContainerState.Waiting(task.waitingReason(), "");
    }

    private ContainerState afterEnd(ContainerState.Terminated end, SandboxStatus sandbox) {
        if (role == Role.EPHEMERAL) {
            return end;
        }
        if (history.ofLostSandbox()) {
            return begin(sandbox);
        }
        if (!restarts(task.restartPolicy(), role, end.exitCode())) {
            return end;
        }
        Optional<Instant> held =
                Backoff.heldUntil(history.restart(), end.finishedAt()).filter(now::isBefore);
        return held.isPresent() ? crashLoop(held.get()) : begin(sandbox);
    }

    static boolean restarts(String policy, Role role, int exitCode) {
        if (role == Role.SIDECAR) {
            return true;
        }
        return switch (policy) {
            case "Never" -> false;
            case "OnFailure" -> exitCode != 0;
            default -> role == Role.MAIN || exitCode != 0;
        };
    }

    private ContainerState crashLoop(Instant until) {
        lookAgain = Optional.of(until);
        String name = container.getName();
        noteOnce(
                "restart " + history.nextNumber(),
                PodNote.warning(
                        "BackOff",
                        "Back-off restarting failed container "
                                + name
                                + " in pod "
                                + task.label()));
        String delay = Backoff.text(history.restart().orElseThrow().delay());
        return new ContainerState.Waiting(
                "CrashLoopBackOff",
                "back-off "
                        + delay
                        + " restarting failed container="
                        + name
                        + " pod="
                        + task.label());
    }

    private ContainerState begin(SandboxStatus sandbox) {
        Optional<Held> held = history.held();
        if (held.isPresent() && now.isBefore(held.get().until())) {
            return waitFor(held.get());
        }
        start = nextEffect(sandbox);
        if (held.isPresent() && isPull(held.get())) {
            return pullBackOff(held.get());
        }
        if (!history.noted().startsWith(CONFIG)) {
            return idle();
        }
        return new ContainerState.Waiting(
                "CreateContainerConfigError", history.noted().substring(CONFIG.length()));
    }

    private Optional<Effect> nextEffect(SandboxStatus sandbox) {
        String image = container.getImage();
        String name = container.getName();
        boolean always = pullPolicy().equals("Always");
        if (history.image() == ImageState.UNKNOWN && !always) {
            return Optional.of(new Effect.CheckImage(name, image));
        }
        if (history.image() != ImageState.HERE) {
            if (history.image() != ImageState.PULLING) {
                notes.add(PodNote.normal("Pulling", "Pulling image \"" + image + "\""));
                history = history.withImage(ImageState.PULLING);
            }
            return Optional.of(new Effect.PullImage(name, image, PullSecrets.of(task)));
        }
        Optional<String> target = task.target(name);
        Optional<String> targetId = target.flatMap(targets);
        if (target.isPresent() && targetId.isEmpty()) {
            // Its turn comes with the next look after the target runs.
            return Optional.empty();
        }
        try {
            Effect effect =
                    new Effect.StartContainer(
                            sandbox,
                            Specs.container(
                                    task,
                                    container,
                                    history.nextNumber(),
                                    sandbox.ip(),
                                    volumes,
                                    node,
                                    targetId.or(() -> shared(sandbox))),
                            Specs.messageAt(container));
            history = history.withNoted("");
            return Optional.of(effect);
        } catch (ConfigError e) {
            noteOnce(CONFIG + e.text(), PodNote.warning("Failed", "Error: " + e.text()));
            return Optional.empty();
        }
    }

    /** All of the pod's containers share the sandbox's processes, if the pod says so. */
    private Optional<String> shared(SandboxStatus sandbox) {
        return Boolean.TRUE.equals(task.pod().getSpec().getShareProcessNamespace())
                ? Optional.of(sandbox.id())
                : Optional.empty();
    }

    /** What a note about an impossible configuration is remembered by; its message follows. */
    private static final String CONFIG = "config ";

    private ContainerState waitFor(Held held) {
        if (!isPull(held)) {
            lookAgain = Optional.of(held.until());
            return new ContainerState.Waiting(held.reason(), held.message());
        }
        Instant renamed = held.at().plus(PULL_ERROR_SHOWN);
        if (now.isBefore(renamed)) {
            lookAgain = Optional.of(renamed);
            return new ContainerState.Waiting(held.reason(), held.message());
        }
        lookAgain = Optional.of(held.until());
        noteOnce(
                "pull " + held.at(),
                PodNote.normal(
                        "BackOff", "Back-off pulling image \"" + container.getImage() + "\""),
                PodNote.warning("Failed", "Error: ImagePullBackOff"));
        return pullBackOff(held);
    }

    private static boolean isPull(Held held) {
        return held.reason().equals(PodOutcomes.PULL_FAILED);
    }

    private ContainerState pullBackOff(Held held) {
        return new ContainerState.Waiting(
                "ImagePullBackOff",
                "Back-off pulling image \""
                        + container.getImage()
                        + "\": ErrImagePull: "
                        + held.message());
    }

    /** What is shown while a start is on its way. */
    private ContainerState idle() {
        Optional<Attempt> newest = history.newest();
        Optional<ContainerState.Terminated> end = newest.flatMap(Attempt::end);
        if (end.isEmpty()) {
            return new ContainerState.Waiting("ContainerCreating", "");
        }
        return newest.get().couldNotStart()
                ? new ContainerState.Waiting("RunContainerError", end.get().message())
                : end.get();
    }

    private void noteOnce(String about, PodNote... texts) {
        if (!history.noted().equals(about)) {
            notes.addAll(List.of(texts));
            history = history.withNoted(about);
        }
    }

    /** A tag that may move is pulled each time, unless the pod says otherwise. */
    private String pullPolicy() {
        String policy = container.getImagePullPolicy();
        if (policy != null && !policy.isEmpty()) {
            return policy;
        }
        String image = container.getImage();
        String tag = image.substring(image.lastIndexOf('/') + 1);
        return tag.contains("@") || (tag.contains(":") && !tag.endsWith(":latest"))
                ? "IfNotPresent"
                : "Always";
    }

    static boolean neverPulls(Container container) {
        return "Never".equals(container.getImagePullPolicy());
    }

    private ContainerView view(ContainerState state) {
        Optional<Attempt> newest = history.newest();
        Optional<ContainerState.Terminated> last =
                state instanceof ContainerState.Waiting
                        ? newest.flatMap(Attempt::end).or(history::previous)
                        : history.previous();
        return new ContainerView(
                container.getName(),
                role,
                state,
                started(state),
                ready(state),
                last,
                newest.map(Attempt::number).orElse(0),
                container.getImage(),
                newest.map(Attempt::imageId).orElse(""),
                newest.map(Attempt::containerId).orElse(""));
    }

    private boolean started(ContainerState state) {
        if (!(state instanceof ContainerState.Running)) {
            return false;
        }
        return switch (role) {
            case INIT, EPHEMERAL -> true;
            case MAIN, SIDECAR -> ContainerCare.startupGood(container, history.supervised());
        };
    }

    private boolean ready(ContainerState state) {
        return switch (role) {
            case INIT -> state instanceof ContainerState.Terminated ended && ended.exitCode() == 0;
            case MAIN, SIDECAR ->
                    started(state) && ContainerCare.readinessGood(container, history.supervised());
            // It serves nobody.
            case EPHEMERAL -> false;
        };
    }
}
