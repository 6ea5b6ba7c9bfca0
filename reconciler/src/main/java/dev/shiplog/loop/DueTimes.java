package dev.shiplog.loop;

import java.time.Instant;

/** Calls back at a time. */
public interface DueTimes extends AutoCloseable {
    /**
     * Calls back once, at a time or soon after; at once if the time is past. A later call for the
     * same id replaces an earlier one that is still to come.
     */
    void at(String id, Instant time, Runnable callback);

    @Override
    void close();
}
