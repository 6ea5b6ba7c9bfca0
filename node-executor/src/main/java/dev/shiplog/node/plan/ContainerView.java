package dev.shiplog.node.plan;

import java.util.Optional;

/**
 * A container as its pod's status shows it.
 *
 * @param role what part it has in the pod
 * @param last how the attempt before ended
 * @param containerId without the runtime's name; empty while there is none
 */
public record ContainerView(
        String name,
        Role role,
        ContainerState state,
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

    /**
     * Without probes, what runs is ready, but what serves nobody is not; init once it succeeded.
     */
    public boolean ready() {
        return switch (role) {
            case INIT -> succeeded();
            case SIDECAR, MAIN -> running();
            case EPHEMERAL -> false;
        };
    }
}
