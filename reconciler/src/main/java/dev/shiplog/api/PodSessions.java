package dev.shiplog.api;

import dev.shiplog.resource.Resource;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Where processes of pods are reached: commands run in containers, their terminals, their ports.
 * Every call blocks on the calling virtual thread until the session is over; the thread is
 * interrupted when the client leaves, which ends the session.
 */
public interface PodSessions {
    /**
     * Runs a command in a running container.
     *
     * @return its exit code
     * @throws ApiFailure if the container does not run or the command cannot be started
     */
    int exec(Resource pod, String container, List<String> command, Terminal terminal)
            throws IOException, InterruptedException;

    /**
     * Attaches to a running container's own process.
     *
     * @return its exit code once it has ended
     * @throws ApiFailure if the container does not run
     */
    int attach(Resource pod, String container, Terminal terminal)
            throws IOException, InterruptedException;

    /**
     * Connects to a TCP port inside a pod, as from the pod's own loopback.
     *
     * @throws ApiFailure if the pod does not run, or nothing listens there
     */
    Connection connect(Resource pod, int port) throws IOException, InterruptedException;

    /** What a running pod's containers use now; empty if it does not run or is not measured. */
    Optional<List<Usage>> usage(Resource pod) throws IOException, InterruptedException;

    /**
     * What a node's whole machine uses now, pods and all else; empty if nobody here can tell.
     *
     * @return with the node's name for that of a container
     */
    default Optional<Usage> machine(String node) throws InterruptedException {
        return Optional.empty();
    }

    /**
     * The client's side of a session.
     *
     * @param stdin empty if the client sends none
     * @param stdout written through at once
     * @param stderr empty if it goes to {@code stdout}, as with a terminal
     * @param tty whether the process gets a terminal
     * @param sizes the terminal's sizes as the client changes them
     */
    record Terminal(
            Optional<InputStream> stdin,
            OutputStream stdout,
            Optional<OutputStream> stderr,
            boolean tty,
            Sizes sizes) {}

    /** The sizes that a client's terminal takes, one after the other. */
    interface Sizes {
        /** No terminal, no sizes. */
        Sizes NONE = _ -> {};

        /** Calls the listener with the size now, if it is known, and with every later one. */
        void listen(Listener listener);

        /** Told of each size. */
        interface Listener {
            void resized(int columns, int rows);
        }
    }

    /** A TCP connection into a pod; closing it ends both directions. */
    interface Connection extends AutoCloseable {
        InputStream in();

        OutputStream out();

        /** Says that nothing more will be written; the other direction goes on. */
        void endOutput() throws IOException;

        @Override
        void close() throws IOException;
    }

    /**
     * What one container uses.
     *
     * @param cpuNanoCores the processor time used per second, averaged over {@code window}, in
     *     billionths of a core
     * @param memoryBytes the working set: memory that cannot be reclaimed under pressure
     */
    record Usage(String container, long cpuNanoCores, long memoryBytes, Duration window) {}
}
