package dev.shiplog.node.plan;

import java.util.Optional;

/**
 * A container as its pod's status shows it.
 *
 * @param role what part it has in the pod
 * @param started whether it runs, its hook after the start is done and its startup probe was well
 * @param ready whether it can serve; of an init container, whether it succeeded
 * @param last how the attempt before ended
 * @param containerId without the runtime's name; empty while there is none
 */
public record ContainerView(
        String name,
        Role role,
        ContainerState state,
        boolean started,
        boolean ready,
        Optional<ContainerState.Terminated> last,
        int restartCount,
        String image,
        String imageId,
        String containerId) {
    /** What part a container has in its pod. */
    public enum Role {
        /** Runs before the others, one after another. */
        INIT,
        /** An init container with {@code restartPolicy: Always}: goes on beside the others. */
        SIDECAR,
        /** The work of the pod. */
        MAIN,
        /** Added to a pod that lives, to look into it: started once, and counts for nothing. */
        EPHEMERAL
    }

    public boolean running() {
        return state instanceof ContainerState.Running;
    }

    /** Whether it ended with exit code 0. */
    public boolean succeeded() {
        return state instanceof ContainerState.Terminated ended && ended.exitCode() == 0;
    }
}
