package dev.shiplog.node.plan;

import dev.shiplog.node.runtime.ContainerStatus;

import java.time.Instant;
import java.util.Optional;

/**
 * One attempt to run a container: what the runtime lists, or what is remembered of one that it does
 * not list.
 *
 * @param containerId empty if no container came of it
 * @param end present once it has ended
 */
record Attempt(
        int number,
        String containerId,
        String image,
        String imageId,
        Optional<Instant> started,
        Optional<ContainerState.Terminated> end) {
    /** The exit code of what was killed, or lost. */
    static final int KILLED = 137;

    /** The exit code of what could not be started. */
    static final int NOT_STARTED = 128;

    static Attempt of(ContainerStatus status) {
        return new Attempt(
                status.attempt(),
                status.id(),
                status.image(),
                status.imageId(),
                status.started(),
                status.ended().map(ended -> terminated(status, ended)));
    }

    private static ContainerState.Terminated terminated(
            ContainerStatus status, ContainerStatus.Ended ended) {
        return new ContainerState.Terminated(
                ended.exitCode(),
                reason(status, ended),
                ended.message(),
                status.started(),
                ended.at(),
                status.id());
    }

    private static String reason(ContainerStatus status, ContainerStatus.Ended ended) {
        if (ended.oomKilled()) {
            return "OOMKilled";
        }
        if (status.started().isEmpty()) {
            return "StartError";
        }
        return ended.exitCode() == 0 ? "Completed" : "Error";
    }

    /** What a status of before says of a container that the runtime may not list any more. */
    static Optional<Attempt> of(ContainerView view) {
        if (view.containerId().isEmpty()) {
            return Optional.empty();
        }
        Optional<Instant> started = Optional.empty();
        Optional<ContainerState.Terminated> end = Optional.empty();
        switch (view.state()) {
            case ContainerState.Running running -> started = Optional.of(running.startedAt());
            case ContainerState.Terminated terminated -> end = Optional.of(terminated);
            case ContainerState.Waiting _ -> end = view.last();
        }
        return Optional.of(
                new Attempt(
                        view.restartCount(),
                        view.containerId(),
                        view.image(),
                        view.imageId(),
                        started,
                        end));
    }

    /** An attempt of which nothing but the failure is left. */
    static Attempt notStarted(int number, String image, String message, Instant now) {
        return new Attempt(
                number,
                "",
                image,
                "",
                Optional.empty(),
                Optional.of(
                        new ContainerState.Terminated(
                                NOT_STARTED, "StartError", message, Optional.empty(), now, "")));
    }

    /** The same with what was known of the message of its end, if nothing is known any more. */
    Attempt orMessageOf(Optional<Attempt> before) {
        return new Attempt(
                number,
                containerId,
                image,
                imageId,
                started,
                end.map(ended -> ended.orMessageOf(before.flatMap(Attempt::end))));
    }

    boolean running() {
        return started.isPresent() && end.isEmpty();
    }

    boolean couldNotStart() {
        return end.filter(ended -> ended.reason().equals("StartError")).isPresent();
    }

    /** The same, ended now because the runtime does not list it any more. */
    Attempt lost(Instant now) {
        if (end.isPresent()) {
            return this;
        }
        return new Attempt(
                number,
                containerId,
                image,
                imageId,
                started,
                Optional.of(
                        new ContainerState.Terminated(
                                KILLED,
                                "ContainerStatusUnknown",
                                "The container could not be located. It used to be Running",
                                started,
                                now,
                                containerId)));
    }
}
