package dev.shiplog.source.jgit;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** Lets one writer at a time near a repository. */
final class Turns {
    private final ReentrantLock lock = new ReentrantLock(true);
    private final Duration timeout;

    Turns(Duration timeout) {
        this.timeout = timeout;
    }

    /**
     * Waits for a turn.
     *
     * @throws IOException if the one before does not end in time
     */
    Turn take() throws IOException {
        try {
            if (lock.tryLock(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                return lock::unlock;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for the push before this one", e);
        }
        throw new IOException(
                "the push before this one has not ended within " + timeout + "; push again later");
    }

    /** Ends the turn of the thread that took it. */
    interface Turn extends AutoCloseable {
        @Override
        void close();
    }
}
