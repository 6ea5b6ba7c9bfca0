package dev.shiplog.node.plan;

import java.time.Instant;
import java.util.Optional;

/** The three states of a container, as {@code v1.ContainerState} has them. */
public sealed interface ContainerState {
    /**
     * @param reason one word, such as {@code ContainerCreating} or {@code CrashLoopBackOff}
     * @param message for people; may be empty
     */
    record Waiting(String reason, String message) implements ContainerState {}

    record Running(Instant startedAt) implements ContainerState {}

    /**
     * @param containerId without the runtime's name; empty if there never was a container
     */
    record Terminated(
            int exitCode,
            String reason,
            String message,
            Optional<Instant> startedAt,
            Instant finishedAt,
            String containerId)
            implements ContainerState {
        /** The same with what was known of its message before, if nothing is known any more. */
        Terminated orMessageOf(Optional<Terminated> before) {
            return before.filter(_ -> message.isEmpty())
                    .filter(known -> known.containerId.equals(containerId))
                    .map(known ->
                            new Terminated(
                                    exitCode,
                                    reason,
                                    known.message,
                                    startedAt,
                                    finishedAt,
                                    containerId))
                    .orElse(this);
        }
    }
}
