package dev.shiplog.node.plan;

import dev.shiplog.node.plan.ContainerView.Role;
import dev.shiplog.node.probe.Answer;

import io.fabric8.kubernetes.api.model.Container;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Folds the answers of probes and hooks into what is remembered of a container. Pure. */
final class CareOutcomes {
    private final PodTask task;
    private final Container container;
    private final Role role;
    private final Instant now;
    private final List<PodNote> notes = new ArrayList<>();
    private Supervision supervision;

    private CareOutcomes(
            PodTask task, Container container, Role role, Supervision supervision, Instant now) {
        this.task = task;
        this.container = container;
        this.role = role;
        this.supervision = supervision;
        this.now = now;
    }

    /** What to remember, and what people are told. */
    record Folded(Supervision supervision, List<PodNote> notes) {}

    static Folded probed(
            PodTask task,
            Container container,
            Role role,
            Supervision supervision,
            ProbeKind kind,
            Answer answer,
            Instant now) {
        CareOutcomes outcomes = new CareOutcomes(task, container, role, supervision, now);
        ProbeSpec.of(container, kind).ifPresent(spec -> outcomes.probed(spec, answer));
        return new Folded(outcomes.supervision, outcomes.notes);
    }

    static Folded hooked(
            PodTask task,
            Container container,
            Role role,
            Supervision supervision,
            HookPoint point,
            Answer answer,
            Instant now) {
        CareOutcomes outcomes = new CareOutcomes(task, container, role, supervision, now);
        switch (point) {
            case POST_START -> outcomes.afterStart(answer);
            case PRE_STOP -> outcomes.beforeEnd(answer);
        }
        return new Folded(outcomes.supervision, outcomes.notes);
    }

    private void probed(ProbeSpec spec, Answer answer) {
        ProbeState before = supervision.probes().get(spec.kind());
        if (before == null) {
            return;
        }
        ProbeState after = before.after(spec, answer, now);
        if (before.worthTelling(spec, answer, now)) {
            notes.add(note(spec.kind(), answer));
            after = after.withTold(now, answer.message());
        }
        supervision = supervision.with(spec.kind(), after);
        boolean fatal =
                switch (spec.kind()) {
                    case STARTUP, LIVENESS ->
                            answer.kind() == Answer.Kind.UNWELL
                                    && after.inRow() >= spec.failureThreshold();
                    case READINESS -> false;
                };
        if (fatal && supervision.condemned().isEmpty()) {
            supervision =
                    supervision.withCondemned(
                            Ending.of(now, spec.graceSeconds().orElse(task.graceSeconds())));
            notes.add(PodNote.normal("Killing", killing(spec.kind())));
        }
    }

    private static PodNote note(ProbeKind kind, Answer answer) {
        return switch (answer.kind()) {
            case WELL ->
                    PodNote.warning(
                            "ProbeWarning", kind.title() + " probe warning: " + answer.message());
            case UNWELL ->
                    PodNote.warning(
                            "Unhealthy", kind.title() + " probe failed: " + answer.message());
            case NOT_ASKED ->
                    PodNote.warning(
                            "Unhealthy",
                            kind.title()
                                    + " probe errored and resulted in unknown state: "
                                    + answer.message());
        };
    }

    private String killing(ProbeKind kind) {
        String what = container.getName() + " failed " + kind.word() + " probe";
        if (role == Role.SIDECAR) {
            return "Init container " + what;
        }
        return "Container "
                + what
                + (task.restartPolicy().equals("Never") ? "" : ", will be restarted");
    }

    /** The reason of a failure is not told: what a hook prints may be secret. */
    private void afterStart(Answer answer) {
        supervision =
                supervision.withPostStart(
                        answer.well() ? Supervision.Hook.DONE : Supervision.Hook.FAILED);
        if (!answer.well()) {
            notes.add(PodNote.warning("FailedPostStartHook", "PostStartHook failed"));
            notes.add(PodNote.normal("Killing", "FailedPostStartHook"));
            supervision = supervision.withCondemned(Ending.of(now, task.graceSeconds()));
        }
    }

    private void beforeEnd(Answer answer) {
        supervision = supervision.withPreStopDone();
        if (!answer.well()) {
            notes.add(PodNote.warning("FailedPreStopHook", "PreStopHook failed"));
        }
    }
}
