package dev.shiplog.resource.kind;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What {@code kubectl get pods} says of a pod: one word for the state of all its containers, how
 * many are ready, how often they were restarted. The rules are those of the Kubernetes API server
 * (package printers).
 */
final class PodSummary {
    private static final ContainerState NO_STATE = new ContainerState();

    private final Pod pod;
    private final PodStatus status;
    private final List<Container> initContainers;
    private String reason;
    private int ready;
    private int total;
    private int restarts;
    private Optional<Instant> lastRestart = Optional.empty();

    private PodSummary(Pod pod) {
        this.pod = pod;
        this.status = pod.getStatus() == null ? new PodStatus() : pod.getStatus();
        this.initContainers = pod.getSpec().getInitContainers();
        this.total = pod.getSpec().getContainers().size();
        this.reason = Cells.orElse(status.getReason(), phase());
    }

    static PodSummary of(Pod pod) {
        PodSummary summary = new PodSummary(pod);
        summary.schedulingGates();
        if (!summary.initializing() || summary.isTrue("Initialized")) {
            summary.containers();
        }
        summary.deletion();
        return summary;
    }

    String reason() {
        return reason;
    }

    /** Such as {@code 1/2}. */
    String ready() {
        return ready + "/" + total;
    }

    /** Such as {@code 3 (5m ago)}. */
    String restarts(Instant now) {
        return restarts == 0 || lastRestart.isEmpty()
                ? Integer.toString(restarts)
                : restarts + " (" + Cells.since(lastRestart, now) + " ago)";
    }

    private String phase() {
        return Cells.orElse(status.getPhase(), "Pending");
    }

    private void schedulingGates() {
        boolean gated =
                status.getConditions().stream()
                        .anyMatch(condition ->
                                "PodScheduled".equals(condition.getType())
                                        && "SchedulingGated".equals(condition.getReason()));
        if (gated) {
            reason = "SchedulingGated";
        }
    }

    /** Looks at the init containers; whether one of them is not done. */
    private boolean initializing() {
        total += (int) initContainers.stream().filter(PodSummary::isSidecar).count();
        int sidecarRestarts = 0;
        Optional<Instant> lastSidecarRestart = Optional.empty();
        List<ContainerStatus> statuses = status.getInitContainerStatuses();
        for (int i = 0; i < statuses.size(); i++) {
            ContainerStatus container = statuses.get(i);
            boolean sidecar = isSidecar(container);
            countRestarts(container);
            if (sidecar) {
                sidecarRestarts += Cells.orZero(container.getRestartCount());
                lastSidecarRestart = later(lastSidecarRestart, lastExit(container));
            }
            if (exitedWell(container)) {
                continue;
            }
            if (sidecar && isSet(container.getStarted())) {
                ready += isSet(container.getReady()) ? 1 : 0;
                continue;
            }
            reason = "Init:" + initReason(container, i);
            return true;
        }
        restarts = sidecarRestarts;
        lastRestart = lastSidecarRestart;
        return false;
    }

    private String initReason(ContainerStatus container, int index) {
        ContainerState state = state(container);
        if (state.getTerminated() != null) {
            return exit(state.getTerminated());
        }
        String waiting = waiting(state);
        return waiting.isEmpty() || waiting.equals("PodInitializing")
                ? index + "/" + initContainers.size()
                : waiting;
    }

    private void containers() {
        boolean running = false;
        // The first container that is not running has the last word.
        for (ContainerStatus container : status.getContainerStatuses().reversed()) {
            countRestarts(container);
            ContainerState state = state(container);
            String waiting = waiting(state);
            if (!waiting.isEmpty()) {
                reason = waiting;
            } else if (state.getTerminated() != null) {
                reason = exit(state.getTerminated());
            } else if (isSet(container.getReady()) && state.getRunning() != null) {
                running = true;
                ready++;
            }
        }
        if (running && reason.equals("Completed")) {
            reason = isTrue("Ready") ? "Running" : "NotReady";
        }
    }

    private void deletion() {
        if (pod.getMetadata().getDeletionTimestamp() == null) {
            return;
        }
        boolean over = phase().equals("Succeeded") || phase().equals("Failed");
        if ("NodeLost".equals(status.getReason())) {
            reason = "Unknown";
        } else if (!over) {
            reason = "Terminating";
        }
    }

    private void countRestarts(ContainerStatus container) {
        restarts += Cells.orZero(container.getRestartCount());
        lastRestart = later(lastRestart, lastExit(container));
    }

    private static Optional<Instant> lastExit(ContainerStatus container) {
        ContainerState last = container.getLastState();
        return last == null || last.getTerminated() == null
                ? Optional.empty()
                : Cells.instant(last.getTerminated().getFinishedAt());
    }

    private static Optional<Instant> later(Optional<Instant> a, Optional<Instant> b) {
        if (a.isEmpty()) {
            return b;
        }
        return b.isPresent() && b.get().isAfter(a.get()) ? b : a;
    }

    private boolean isSidecar(ContainerStatus status) {
        return initContainers.stream()
                .anyMatch(container ->
                        container.getName().equals(status.getName()) && isSidecar(container));
    }

    private static boolean isSidecar(Container container) {
        return "Always".equals(container.getRestartPolicy());
    }

    private boolean isTrue(String type) {
        for (PodCondition condition : status.getConditions()) {
            if (type.equals(condition.getType())) {
                return "True".equals(condition.getStatus());
            }
        }
        return false;
    }

    private static boolean exitedWell(ContainerStatus container) {
        ContainerStateTerminated terminated = state(container).getTerminated();
        return terminated != null && Cells.orZero(terminated.getExitCode()) == 0;
    }

    private static String exit(ContainerStateTerminated terminated) {
        int signal = Cells.orZero(terminated.getSignal());
        return Cells.orElse(
                terminated.getReason(),
                signal == 0
                        ? "ExitCode:" + Cells.orZero(terminated.getExitCode())
                        : "Signal:" + signal);
    }

    private static String waiting(ContainerState state) {
        return state.getWaiting() == null ? "" : Cells.orElse(state.getWaiting().getReason(), "");
    }

    private static ContainerState state(ContainerStatus container) {
        return container.getState() == null ? NO_STATE : container.getState();
    }

    private static boolean isSet(@Nullable Boolean value) {
        return Boolean.TRUE.equals(value);
    }
}
