package dev.shiplog.journal.sqlite;

import dev.shiplog.journal.JournalFailure;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A few connections for reading, opened when first needed and lent to one thread at a time. */
final class Readers implements AutoCloseable {
    static final int MAX_CONNECTIONS = 4;
    static final int WAIT_SECONDS = 60;

    private final Path file;
    private final Semaphore permits = new Semaphore(MAX_CONNECTIONS);
    private final Deque<Reader> idle = new ArrayDeque<>();
    private boolean closed;

    Readers(Path file) {
        this.file = file;
    }

    /** A question to the file. */
    interface Query<T> {
        T ask(Reader reader) throws SQLException;
    }

    /**
     * Asks on a connection of the pool.
     *
     * @param what what is read, for the message of a failure
     */
    <T> T ask(String what, Query<T> query) {
        acquire();
        Reader reader = null;
        try {
            reader = take();
            T answer = query.ask(reader);
            giveBack(reader);
            reader = null;
            return answer;
        } catch (SQLException e) {
            throw new JournalFailure(
                    "expected to read "
                            + what
                            + " from "
                            + file
                            + ", found: "
                            + e.getMessage()
                            + ". The file is damaged or unreadable: check the disk, then restore the"
                            + " file from a backup.",
                    e);
        } finally {
            discard(reader);
            permits.release();
        }
    }

    private void acquire() {
        try {
            if (!permits.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException(
                        "expected one of "
                                + MAX_CONNECTIONS
                                + " connections to "
                                + file
                                + " to be free within "
                                + WAIT_SECONDS
                                + " s, found none");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting to read " + file, e);
        }
    }

    private Reader take() throws SQLException {
        synchronized (this) {
            if (closed) {
                throw new IllegalStateException("the journal " + file + " is closed");
            }
            Reader reader = idle.poll();
            if (reader != null) {
                return reader;
            }
        }
        return new Reader(file);
    }

    private void giveBack(Reader reader) throws SQLException {
        synchronized (this) {
            if (!closed) {
                idle.push(reader);
                return;
            }
        }
        reader.close();
    }

    /** A connection on which a query failed is not used again. */
    private static void discard(@Nullable Reader reader) {
        if (reader != null) {
            try {
                reader.close();
            } catch (SQLException e) {
                // The failure that led here is on its way to the caller already.
            }
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            while (!idle.isEmpty()) {
                discard(idle.pop());
            }
        }
    }
}
