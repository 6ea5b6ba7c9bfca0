package dev.shiplog.node.plan;

import java.util.List;

/**
 * A pod's phase, and why if it says so.
 *
 * @param phase {@code Pending}, {@code Running}, {@code Succeeded} or {@code Failed}
 * @param reason one word; empty if the containers say it all
 */
public record PodPhase(String phase, String reason, String message) {
    static final PodPhase PENDING = of("Pending");
    static final PodPhase RUNNING = of("Running");
    static final PodPhase SUCCEEDED = of("Succeeded");
    static final PodPhase FAILED = of("Failed");

    static PodPhase of(String phase) {
        return new PodPhase(phase, "", "");
    }

    /** Whether nothing runs any more, for good. */
    public boolean terminal() {
        return phase.equals("Succeeded") || phase.equals("Failed");
    }

    /**
     * The phase that the containers add up to.
     *
     * @param restartPolicy the pod's
     * @param forGood whether what has ended stays so, whatever the policy
     * @see <a
     *     href="https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-phase">the
     *     phases of Kubernetes</a>
     */
    static PodPhase of(List<ContainerView> views, String restartPolicy, boolean forGood) {
        for (ContainerView view : views) {
            if (view.role() == ContainerView.Role.INIT && ended(view) && !view.succeeded()) {
                return restartPolicy.equals("Never") || forGood ? FAILED : PENDING;
            }
        }
        List<ContainerView> main =
                views.stream().filter(v -> v.role() == ContainerView.Role.MAIN).toList();
        long running = main.stream().filter(ContainerView::running).count();
        long stopped = main.stream().filter(PodPhase::hasEnded).count();
        if (running + stopped < main.size() || initializing(views, running)) {
            return PENDING;
        }
        if (running > 0) {
            return RUNNING;
        }
        if (main.stream().allMatch(ContainerView::succeeded)
                && (forGood || !restartPolicy.equals("Always"))) {
            return SUCCEEDED;
        }
        return forGood || restartPolicy.equals("Never") ? FAILED : RUNNING;
    }

    private static boolean initializing(List<ContainerView> views, long running) {
        return running == 0
                && views.stream()
                        .filter(v -> v.role() == ContainerView.Role.INIT)
                        .anyMatch(v -> !v.succeeded());
    }

    private static boolean ended(ContainerView view) {
        return view.state() instanceof ContainerState.Terminated;
    }

    /** Ended, and perhaps waiting to be started again. */
    private static boolean hasEnded(ContainerView view) {
        return ended(view)
                || (view.state() instanceof ContainerState.Waiting && view.last().isPresent());
    }
}
