package dev.shiplog.api.stream;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.PodSessions;
import dev.shiplog.api.PodSessions.Connection;
import dev.shiplog.resource.Resource;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * One forwarded connection: between a client, who sends through a pipe and is called back, and a
 * port of a pod. Two threads, one for each direction.
 */
final class Tunnel {
    /** What a client may send ahead of a process that does not read yet. */
    private static final int AHEAD_BYTES = 32 * 1024;

    /** A connection that takes nothing for so long holds up the others no longer. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final int CHUNK_BYTES = 32 * 1024;
    private static final Duration JOIN = Duration.ofSeconds(5);
    private static final Logger LOG = Logger.getLogger(Tunnel.class.getName());

    private final PodSessions sessions;
    private final Resource pod;
    private final int port;
    private final Client client;
    private final Pipe input = new Pipe(AHEAD_BYTES, PATIENCE);
    private final Thread thread;
    private Optional<Connection> connection = Optional.empty();
    private boolean aborted;

    Tunnel(PodSessions sessions, Resource pod, int port, Client client) {
        this.sessions = sessions;
        this.pod = pod;
        this.port = port;
        this.client = client;
        this.thread = Thread.ofVirtual().name("api-tunnel-" + port).unstarted(this::carry);
    }

    /** The client's side; called from the tunnel's thread. */
    interface Client {
        void data(byte[] bytes, int length) throws IOException;

        /** Told once, before the end, if the connection cannot be made or breaks. */
        void failed(String why) throws IOException;

        /** Told once, last. */
        void ended() throws IOException;
    }

    /** What the client sends goes here. */
    Pipe input() {
        return input;
    }

    void start() {
        thread.start();
    }

    /** Ends both directions at once; any thread, any number of times. */
    void abort() {
        Optional<Connection> open;
        synchronized (this) {
            aborted = true;
            open = connection;
        }
        input.discard();
        open.ifPresent(Tunnel::close);
        thread.interrupt();
    }

    /** Waits for the end, a while. */
    void join() throws InterruptedException {
        boolean started = thread.getState() != Thread.State.NEW;
        if (started && !thread.join(JOIN)) {
            LOG.log(
                    Level.WARNING,
                    "a tunnel to port {0} of {1} does not end",
                    new Object[] {port, pod.key()});
        }
    }

    private void carry() {
        try {
            try (Connection made = sessions.connect(pod, port)) {
                if (remember(made)) {
                    carry(made);
                }
            } catch (ApiFailure failure) {
                client.failed(describe(failure.status().message()));
            } catch (IOException | RuntimeException e) {
                if (!isAborted()) {
                    LOG.log(Level.FINE, e, () -> "a tunnel to port " + port + " broke");
                    client.failed(describe(String.valueOf(e.getMessage())));
                }
            } finally {
                input.discard();
                client.ended();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.log(Level.FINE, e, () -> "the client of a tunnel left");
        }
    }

    private void carry(Connection made) throws IOException {
        Thread.ofVirtual().name("api-tunnel-input-" + port).start(() -> feed(made));
        byte[] chunk = new byte[CHUNK_BYTES];
        InputStream in = made.in();
        int read = in.read(chunk);
        while (read >= 0) {
            client.data(chunk, read);
            read = in.read(chunk);
        }
    }

    /** Ends with the input, or when the other direction closes the connection. */
    private void feed(Connection made) {
        try {
            byte[] chunk = new byte[CHUNK_BYTES];
            OutputStream out = made.out();
            int read = input.in().read(chunk);
            while (read >= 0) {
                out.write(chunk, 0, read);
                out.flush();
                read = input.in().read(chunk);
            }
            made.endOutput();
        } catch (IOException e) {
            LOG.log(Level.FINE, e, () -> "port " + port + " takes no more input");
            input.discard();
        }
    }

    private synchronized boolean remember(Connection made) {
        connection = Optional.of(made);
        return !aborted;
    }

    private synchronized boolean isAborted() {
        return aborted;
    }

    private String describe(String why) {
        return "error forwarding port "
                + port
                + " to pod "
                + pod.key().name()
                + ", uid "
                + pod.uid().value()
                + ": "
                + why;
    }

    private static void close(Connection open) {
        try {
            open.close();
        } catch (IOException e) {
            LOG.log(Level.FINE, "closing a tunnel", e);
        }
    }
}
