package dev.shiplog.node.plan;

import dev.shiplog.node.plan.ContainerView.Role;
import dev.shiplog.node.probe.Handler;
import dev.shiplog.node.probe.Prober;

import io.fabric8.kubernetes.api.model.Container;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What to do about a container that runs: the hook after its start, its probes, and its end if it
 * must end. Pure.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/">the
 *     hooks of Kubernetes</a>
 */
final class ContainerCare {
    /** A hook after the start that takes longer has failed. */
    static final Duration LONGEST_POST_START = Duration.ofHours(1);

    private final Container container;
    private final Prober.Target target;
    private final Instant started;
    private final Instant now;
    private final List<Effect> effects = new ArrayList<>();
    private Supervision supervision;
    private Optional<Instant> lookAgain = Optional.empty();

    private ContainerCare(
            Container container,
            Prober.Target target,
            Supervision supervision,
            Instant started,
            Instant now) {
        this.container = container;
        this.target = target;
        this.supervision = supervision;
        this.started = started;
        this.now = now;
    }

    /**
     * @param supervision to remember
     */
    record Verdict(List<Effect> effects, Supervision supervision, Optional<Instant> lookAgain) {
        Verdict {
            effects = List.copyOf(effects);
        }
    }

    static Verdict of(
            Container container, Role role, ContainerHistory history, String podIp, Instant now) {
        Attempt attempt = history.newest().orElseThrow();
        ContainerCare care =
                new ContainerCare(
                        container,
                        new Prober.Target(podIp, attempt.containerId()),
                        history.supervised(),
                        attempt.started().orElseThrow(),
                        now);
        care.decide(role);
        return new Verdict(care.effects, care.supervision, care.lookAgain);
    }

    private void decide(Role role) {
        Optional<Ending> condemned = supervision.condemned();
        if (condemned.isPresent()) {
            end(container, target, supervision, condemned.get(), now).ifPresent(effects::add);
            look(condemned.get().killAt());
            return;
        }
        if (!startDone(container, supervision)) {
            effects.add(
                    new Effect.RunHook(
                            container.getName(),
                            target,
                            HookPoint.POST_START,
                            postStart(container).orElseThrow(),
                            started.plus(LONGEST_POST_START)));
            return;
        }
        if (role == Role.MAIN || role == Role.SIDECAR) {
            probe();
        }
    }

    private void probe() {
        boolean up = startupGood(container, supervision);
        for (ProbeSpec spec : ProbeSpec.of(container)) {
            if (up != (spec.kind() == ProbeKind.STARTUP)) {
                probe(spec);
            }
        }
    }

    private void probe(ProbeSpec spec) {
        ProbeState known = supervision.probes().get(spec.kind());
        Instant due = known == null ? started.plus(spec.initialDelay()) : known.due();
        if (now.isBefore(due)) {
            look(due);
            return;
        }
        if (known == null) {
            supervision =
                    supervision.with(
                            spec.kind(), ProbeState.first(assumed(spec.kind(), supervision), now));
        }
        effects.add(
                new Effect.Probe(
                        container.getName(), target, spec.kind(), spec.handler(), spec.timeout()));
    }

    /** What holds before a probe was answered. */
    private static boolean assumed(ProbeKind kind, Supervision supervision) {
        return switch (kind) {
            case STARTUP -> supervision.wasStarted();
            case LIVENESS -> true;
            case READINESS -> supervision.wasReady();
        };
    }

    private void look(Instant at) {
        if (now.isBefore(at)) {
            lookAgain = lookAgain.filter(earlier -> earlier.isBefore(at)).or(() -> Optional.of(at));
        }
    }

    /** Whether nothing is left of a container's start. */
    static boolean startDone(Container container, Supervision supervision) {
        return supervision.postStart() == Supervision.Hook.DONE || postStart(container).isEmpty();
    }

    static boolean startupGood(Container container, Supervision supervision) {
        return good(container, supervision, ProbeKind.STARTUP);
    }

    static boolean readinessGood(Container container, Supervision supervision) {
        return good(container, supervision, ProbeKind.READINESS);
    }

    private static boolean good(Container container, Supervision supervision, ProbeKind kind) {
        if (ProbeSpec.of(container, kind).isEmpty()) {
            return true;
        }
        ProbeState state = supervision.probes().get(kind);
        return state == null ? assumed(kind, supervision) : state.good();
    }

    /** The next step of a container's end; its hook first, unless there is no time for it. */
    static Optional<Effect> end(
            Container container,
            Prober.Target target,
            Supervision supervision,
            Ending ending,
            Instant now) {
        return hookBeforeEnd(container, target, supervision, ending, now)
                .or(() ->
                        Optional.of(
                                new Effect.StopContainer(
                                        container.getName(),
                                        target.containerId(),
                                        ending.killAt(),
                                        ending.least())));
    }

    /**
     * The hook before a container's end, if it has one that is not done and for which there is
     * time.
     */
    static Optional<Effect> hookBeforeEnd(
            Container container,
            Prober.Target target,
            Supervision supervision,
            Ending ending,
            Instant now) {
        if (supervision.preStop() == Supervision.Hook.DONE || !now.isBefore(ending.killAt())) {
            return Optional.empty();
        }
        return preStop(container)
                .map(hook ->
                        new Effect.RunHook(
                                container.getName(),
                                target,
                                HookPoint.PRE_STOP,
                                hook,
                                ending.killAt()));
    }

    private static Optional<Handler> postStart(Container container) {
        return container.getLifecycle() == null
                ? Optional.empty()
                : Handlers.of(container, container.getLifecycle().getPostStart());
    }

    private static Optional<Handler> preStop(Container container) {
        return container.getLifecycle() == null
                ? Optional.empty()
                : Handlers.of(container, container.getLifecycle().getPreStop());
    }
}
