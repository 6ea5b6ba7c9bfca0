package dev.shiplog.api.http;

import io.helidon.webserver.ConnectionContext;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Watches the peer of one upgraded connection, and ends the connection when nothing is heard of it
 * while somebody listens. A peer that sends while nobody reads is not silent: its bytes wait.
 */
final class PeerWatch implements AutoCloseable {
    /** How often is looked within the time of silence that is allowed. */
    private static final int LOOKS = 3;

    private final ConnectionContext connection;
    private final Duration silence;
    private final CountDownLatch over = new CountDownLatch(1);

    /** When the peer was last heard, or listened to again; in nanoseconds of the timer. */
    private volatile long heard = System.nanoTime();

    /** Whether a thread waits for the peer: only then does its silence mean something. */
    private volatile boolean listening;

    /** What is done at each look. */
    interface Look {
        /** Nothing. */
        Look NOTHING = () -> true;

        /**
         * Says something to the peer, so that it answers.
         *
         * @return false if the connection is to end
         */
        boolean more() throws IOException;
    }

    PeerWatch(ConnectionContext connection, Duration silence) {
        this.connection = connection;
        this.silence = silence;
    }

    /** Begins to watch, in a thread of its own until {@link #close()}. */
    void start(String name, Look look) {
        heard = System.nanoTime();
        Thread.ofVirtual().name(name).start(() -> watch(look));
    }

    /** A thread begins to wait for the peer. */
    void listens() {
        heard = System.nanoTime();
        listening = true;
    }

    /** The peer was heard while a thread goes on waiting. */
    void hears() {
        heard = System.nanoTime();
    }

    /** Nobody waits for the peer any more. */
    void rests() {
        listening = false;
    }

    private void watch(Look look) {
        try {
            while (!over.await(silence.toNanos() / LOOKS, TimeUnit.NANOSECONDS)) {
                boolean silent = listening && System.nanoTime() - heard > silence.toNanos();
                if (silent || !look.more()) {
                    connection.serverSocket().close();
                    return;
                }
            }
        } catch (IOException _) {
            connection.serverSocket().close();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Closes the connection itself. */
    @Override
    public void close() {
        over.countDown();
        connection.serverSocket().close();
    }
}
