package dev.shiplog.node.runtime;

import java.time.Instant;
import java.util.Optional;

/**
 * A container as it is.
 *
 * @param id the runtime's own id, without the {@code docker://} in front
 * @param imageId the content id of its image
 * @param ended present once it has ended
 */
public record ContainerStatus(
        String id,
        String name,
        int attempt,
        String image,
        String imageId,
        Optional<Instant> started,
        Optional<Ended> ended) {
    /** Whether its process is alive. */
    public boolean running() {
        return started.isPresent() && ended.isEmpty();
    }

    /** The same with these last words, once it has ended. */
    public ContainerStatus withMessage(String message) {
        return new ContainerStatus(
                id,
                name,
                attempt,
                image,
                imageId,
                started,
                ended.map(end -> new Ended(end.exitCode, end.oomKilled, end.at, message)));
    }

    /**
     * @param exitCode 0 to 255; 128 + n when signal n ended it
     * @param oomKilled whether the kernel ended it for want of memory
     * @param message what the runtime says of a failed start, or what it left itself; empty if
     *     neither
     */
    public record Ended(int exitCode, boolean oomKilled, Instant at, String message) {}
}
