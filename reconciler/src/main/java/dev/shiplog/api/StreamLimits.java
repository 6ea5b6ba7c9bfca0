package dev.shiplog.api;

import java.time.Duration;

/**
 * What sessions (exec, attach, port-forward) may hold.
 *
 * @param sessions at once, of all clients
 * @param sessionsPerIdentity at once, of one user
 * @param silence a client of whom nothing is heard for so long, although pinged three times, is
 *     gone; less than the listener's read timeout of two minutes, or that one cuts it off
 * @param stall how long one write may wait for a client that does not read, and one byte of input
 *     for a process that does not
 */
public record StreamLimits(
        int sessions, int sessionsPerIdentity, Duration silence, Duration stall) {
    public static final StreamLimits DEFAULT =
            new StreamLimits(500, 100, Duration.ofSeconds(90), Duration.ofMinutes(5));
}
