package dev.shiplog.node.plan;

import dev.shiplog.node.plan.ContainerPlan.Permission;
import dev.shiplog.node.plan.ContainerPlan.Verdict;
import dev.shiplog.node.plan.ContainerView.Role;
import dev.shiplog.node.probe.Prober;
import dev.shiplog.node.runtime.ContainerStatus;
import dev.shiplog.node.runtime.ObservedPod;
import dev.shiplog.node.runtime.SandboxStatus;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What to do next about one pod: what is wished × what runs × what has been tried × now → effects.
 * Pure, and the one place where the semantics of Kubernetes' kubelet live.
 *
 * <p>Invariants: at most one container is on its way up at a time, in the order of the document; a
 * pod whose phase is final starts nothing; when nothing is left to do, there are no effects.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/">the life of a
 *     pod</a>
 */
public final class PodPlan {
    private final PodTask task;
    private final Optional<ObservedPod> observed;
    private final NodeFacts node;
    private final Instant now;

    private PodHistory history;
    private final List<Effect> effects = new ArrayList<>();
    private final List<PodNote> notes = new ArrayList<>();
    private final List<ContainerView> views = new ArrayList<>();
    private Optional<Instant> lookAgain = Optional.empty();
    private boolean starting;

    private PodPlan(
            PodTask task,
            Optional<ObservedPod> observed,
            PodHistory history,
            NodeFacts node,
            Instant now) {
        this.task = task;
        this.observed = observed.map(pod -> Specs.atAddressOfNode(task, pod, node));
        this.node = node;
        this.now = now;
        this.history = history;
    }

    /**
     * @param observed what the runtime has of the pod; empty if nothing
     */
    public static PodStep next(
            PodTask task,
            Optional<ObservedPod> observed,
            PodHistory history,
            NodeFacts node,
            Instant now) {
        PodHistory seen = history.seeing(task.names(), observed, now);
        return new PodPlan(task, observed, seen, node, now).decide();
    }

    /** How a pod of which nothing but its uid is known is stopped. */
    public static List<Effect> stopUnknown(Optional<ObservedPod> observed, Ending ending) {
        List<Effect> stops = stops(observed, ending);
        if (!stops.isEmpty() || observed.isEmpty()) {
            return stops;
        }
        return List.of(new Effect.RemoveSandbox(observed.get().sandbox().id()));
    }

    private PodStep decide() {
        if (task.stop().isPresent()) {
            return stop(task.stop().get());
        }
        checkDeadline();
        if (history.end().isPresent()) {
            return finish(history.end().get());
        }
        if (observed.isPresent() && observed.get().sandbox().running()) {
            history = history.withSandboxSeen(true);
            return run(observed.get().sandbox());
        }
        return history.sandboxSeen() || observed.isPresent() ? replaceSandbox() : makeSandbox();
    }

    private void checkDeadline() {
        Long seconds = task.pod().getSpec().getActiveDeadlineSeconds();
        if (seconds == null || history.end().isPresent()) {
            return;
        }
        Instant deadline = history.startTime().plusSeconds(seconds);
        if (now.isBefore(deadline)) {
            look(deadline);
            return;
        }
        String message = "Pod was active on the node longer than the specified deadline";
        notes.add(PodNote.normal("DeadlineExceeded", message));
        history = history.withEnd(new PodPhase("Failed", "DeadlineExceeded", message));
    }

    /** Everything ends, then every trace goes. */
    private PodStep stop(Ending ending) {
        viewAll();
        Optional<PodPhase> before = history.end();
        if (observed.isEmpty()) {
            boolean gone = !heldBack() && !removesVolumes();
            return step(before.orElseGet(this::phaseForGood), gone);
        }
        if (heldBack()) {
            return step(before.orElseGet(this::phaseForGood), false);
        }
        end(ending);
        if (running().isEmpty()) {
            effects.add(new Effect.RemoveSandbox(observed.get().sandbox().id()));
        }
        return step(before.orElseGet(this::phaseForGood), false);
    }

    /** The phase is final: what still runs ends; what has ended stays for its logs. */
    private PodStep finish(PodPhase end) {
        viewAll();
        if (!heldBack() && !running().isEmpty()) {
            end(history.ending().orElseGet(() -> Ending.of(now, graceSeconds(end))));
        }
        if (running().isEmpty() && !heldBack()) {
            removesVolumes();
        }
        return step(end, false);
    }

    private long graceSeconds(PodPhase end) {
        return end.reason().equals(Eviction.REASON)
                ? Math.min(Eviction.GRACE_SECONDS, task.graceSeconds())
                : task.graceSeconds();
    }

    /**
     * Ends what runs: all at once, after their hooks; but sidecars after all others, the last one
     * first, unless the time is over.
     */
    private void end(Ending wish) {
        boolean first = history.ending().isEmpty();
        history = history.withEnding(wish);
        Ending ending = history.ending().orElseThrow();
        List<String> sidecars = task.sidecars();
        List<ContainerStatus> running = running();
        boolean late = !now.isBefore(ending.killAt());
        for (ContainerStatus container : running) {
            int order = sidecars.indexOf(container.name());
            boolean turn =
                    late
                            || running.stream()
                                    .allMatch(other ->
                                            order < 0
                                                    || (sidecars.indexOf(other.name()) >= 0
                                                            && sidecars.indexOf(other.name())
                                                                    <= order));
            end(container, ending, turn);
            if (first) {
                notes.add(PodNote.normal("Killing", "Stopping container " + container.name()));
            }
        }
        if (!running.isEmpty() && !late) {
            look(ending.killAt());
        }
    }

    private void end(ContainerStatus running, Ending ofPod, boolean turn) {
        Container container =
                task.container(running.name())
                        .orElseGet(() -> new ContainerBuilder().withName(running.name()).build());
        Supervision supervision = history.container(running.name()).supervised();
        Ending ending = supervision.condemned().map(ofPod::orSooner).orElse(ofPod);
        Prober.Target target =
                new Prober.Target(observed.orElseThrow().sandbox().ip(), running.id());
        if (turn) {
            ContainerCare.end(container, target, supervision, ending, now).ifPresent(effects::add);
        } else {
            ContainerCare.hookBeforeEnd(container, target, supervision, ending, now)
                    .ifPresent(effects::add);
        }
    }

    private List<ContainerStatus> running() {
        return observed.map(ObservedPod::containers).orElse(List.of()).stream()
                .filter(ContainerStatus::running)
                .toList();
    }

    /** Whether there are volumes to be removed; nothing of the pod runs that could use them. */
    private boolean removesVolumes() {
        if (task.pod().getSpec().getVolumes().isEmpty() || history.volumes().removed()) {
            return false;
        }
        effects.add(new Effect.RemoveVolumes(task.document().uid().value()));
        return true;
    }

    /** Whether the pod's volumes are there; what is to be done for that is done. */
    private boolean volumesReady() {
        VolumePlan.Verdict verdict = VolumePlan.decide(task, history.volumes(), node, now);
        history = history.withVolumes(verdict.history());
        notes.addAll(verdict.notes());
        verdict.effect().ifPresent(effects::add);
        verdict.lookAgain().ifPresent(this::look);
        return verdict.ready();
    }

    private boolean heldBack() {
        Optional<Instant> until = history.held().map(Held::until).filter(now::isBefore);
        until.ifPresent(this::look);
        return until.isPresent();
    }

    private static List<Effect> stops(Optional<ObservedPod> observed, Ending ending) {
        return observed.map(ObservedPod::containers).orElse(List.of()).stream()
                .filter(ContainerStatus::running)
                .<Effect>map(c ->
                        new Effect.StopContainer(c.name(), c.id(), ending.killAt(), ending.least()))
                .toList();
    }

    /** The sandbox died or vanished under the pod: its containers are lost with it. */
    private PodStep replaceSandbox() {
        boolean lostNow = history.sandboxSeen();
        history = history.withSandboxSeen(false);
        loseContainers();
        if (!worthRunningAgain()) {
            viewAll();
            PodPhase end = phaseForGood();
            history = history.withEnd(end.terminal() ? end : PodPhase.FAILED);
            return finish(history.end().orElseThrow());
        }
        if (lostNow) {
            notes.add(
                    PodNote.normal(
                            "SandboxChanged",
                            "Pod sandbox changed, it will be killed and re-created."));
        }
        viewAll();
        if (heldBack()) {
            return step(phase(), false);
        }
        if (observed.isPresent()) {
            effects.add(new Effect.RemoveSandbox(observed.get().sandbox().id()));
        } else {
            ensureSandbox();
        }
        return step(phase(), false);
    }

    private void loseContainers() {
        for (Container init : task.initContainers()) {
            history = history.with(init.getName(), c -> c.withLostSandbox(c.newest().isPresent()));
        }
        for (String name : task.names()) {
            history =
                    history.with(name, c -> c.with(c.newest().map(a -> a.lost(now)), c.previous()));
        }
    }

    private boolean worthRunningAgain() {
        boolean ran =
                Stream.concat(task.initContainers().stream(), task.mainContainers().stream())
                        .map(Container::getName)
                        .anyMatch(n -> history.container(n).newest().isPresent());
        return !ran
                || switch (task.restartPolicy()) {
                    case "Never" -> false;
                    case "OnFailure" ->
                            task.mainContainers().stream().anyMatch(c -> !hasSucceeded(c));
                    default -> true;
                };
    }

    private boolean hasSucceeded(Container container) {
        return history.container(container.getName())
                .newest()
                .flatMap(Attempt::end)
                .filter(end -> end.exitCode() == 0)
                .isPresent();
    }

    private PodStep makeSandbox() {
        viewAll();
        if (volumesReady() && !heldBack()) {
            ensureSandbox();
        }
        return step(phase(), false);
    }

    private void ensureSandbox() {
        PodNames.Decided names = PodNames.of(task, node);
        try {
            effects.add(new Effect.EnsureSandbox(Specs.sandbox(task, names.names(), node)));
            notes.addAll(names.notes());
        } catch (ConfigError e) {
            PodOutcomes.Fold fold = PodOutcomes.sandboxRefused(history, e.text(), now);
            history = fold.history();
            notes.addAll(fold.notes());
            heldBack();
        }
    }

    /** The sandbox lives: bring up what should run in it, one container after another. */
    private PodStep run(SandboxStatus sandbox) {
        boolean initialized = true;
        boolean before = initializedBefore();
        Permission granted =
                volumesReady()
                        ? new Permission.Granted(sandbox)
                        : new Permission.Withheld(task.waitingReason(), sandbox.ip());
        for (Container init : task.initContainers()) {
            Role role = role(init);
            Permission permission =
                    initialized || (before && role == Role.SIDECAR)
                            ? granted
                            : new Permission.Withheld("PodInitializing", sandbox.ip());
            ContainerView view = container(init, role, permission);
            initialized &= role == Role.SIDECAR ? view.started() : initDone(init, view);
        }
        for (Container main : task.mainContainers()) {
            container(
                    main,
                    Role.MAIN,
                    initialized || before
                            ? granted
                            : new Permission.Withheld("PodInitializing", sandbox.ip()));
        }
        for (Container ephemeral : task.ephemeralContainers()) {
            container(ephemeral, Role.EPHEMERAL, granted);
        }
        PodPhase phase = phase();
        if (phase.terminal()) {
            history = history.withEnd(phase);
            effects.clear();
            removeOld();
            return finish(phase);
        }
        removeOld();
        return step(phase, false);
    }

    /**
     * Whether this sandbox's init containers have done their work: then what restarts waits for
     * them no more.
     */
    private boolean initializedBefore() {
        return task.mainContainers().stream()
                .anyMatch(main -> !PodHistory.listed(observed, main.getName()).isEmpty());
    }

    private boolean initDone(Container init, ContainerView view) {
        return view.succeeded() && !history.container(init.getName()).ofLostSandbox();
    }

    private static Role role(Container init) {
        return "Always".equals(init.getRestartPolicy()) ? Role.SIDECAR : Role.INIT;
    }

    private ContainerView container(Container container, Role role, Permission permission) {
        String name = container.getName();
        Verdict verdict =
                ContainerPlan.decide(
                        task,
                        container,
                        role,
                        history.container(name),
                        history.volumes(),
                        permission,
                        this::runningId,
                        node,
                        now);
        views.add(verdict.view());
        effects.addAll(verdict.care());
        if (starting && verdict.start().isPresent()) {
            // Its turn comes when the one before it is up or held back.
            return verdict.view();
        }
        verdict.start().ifPresent(effects::add);
        starting |= verdict.start().isPresent() || verdict.starting();
        notes.addAll(verdict.notes());
        verdict.lookAgain().ifPresent(this::look);
        history = history.with(name, _ -> verdict.history());
        return verdict.view();
    }

    private Optional<String> runningId(String name) {
        return PodHistory.listed(observed, name).stream()
                .filter(ContainerStatus::running)
                .map(ContainerStatus::id)
                .findFirst();
    }

    /** Only the newest two attempts of a container are kept: one for now, one for its last end. */
    private void removeOld() {
        for (String name : task.names()) {
            List<ContainerStatus> listed = PodHistory.listed(observed, name);
            for (ContainerStatus old : listed.subList(0, Math.max(0, listed.size() - 2))) {
                if (!old.running()) {
                    effects.add(new Effect.RemoveContainer(name, old.id()));
                }
            }
        }
    }

    /** Every container as it is, with none to be started. */
    private void viewAll() {
        views.clear();
        Permission none = new Permission.Withheld(task.waitingReason(), "");
        for (Container init : task.initContainers()) {
            views.add(view(init, role(init), none));
        }
        for (Container main : task.mainContainers()) {
            views.add(view(main, Role.MAIN, none));
        }
        for (Container ephemeral : task.ephemeralContainers()) {
            views.add(view(ephemeral, Role.EPHEMERAL, none));
        }
    }

    private ContainerView view(Container container, Role role, Permission permission) {
        return ContainerPlan.decide(
                        task,
                        container,
                        role,
                        history.container(container.getName()),
                        history.volumes(),
                        permission,
                        this::runningId,
                        node,
                        now)
                .view();
    }

    private PodPhase phase() {
        return PodPhase.of(views, task.restartPolicy(), false);
    }

    private PodPhase phaseForGood() {
        return PodPhase.of(views, task.restartPolicy(), true);
    }

    private void look(Instant at) {
        lookAgain = lookAgain.filter(earlier -> earlier.isBefore(at)).or(() -> Optional.of(at));
    }

    /** A phase is not final to others while something runs, and takes up room. */
    private PodStep step(PodPhase phase, boolean gone) {
        return new PodStep(
                effects,
                notes,
                views,
                phase.terminal() && !running().isEmpty() ? PodPhase.RUNNING : phase,
                observed.map(ObservedPod::sandbox).filter(SandboxStatus::running),
                history,
                lookAgain,
                gone);
    }
}
