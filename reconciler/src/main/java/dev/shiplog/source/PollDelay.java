package dev.shiplog.source;

import java.time.Duration;

/**
 * When to look at a remote repository again: at an interval while it answers, later and later while
 * it does not, and never in step with others that look at the same server.
 *
 * @param interval between two looks while all is well
 */
public record PollDelay(Duration interval) {
    /** Unless somebody says otherwise. */
    public static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(15);

    /** It is never longer than this between two looks, however often they failed; jitter apart. */
    public static final Duration MAX_BACK_OFF = Duration.ofMinutes(5);

    /** A delay is spread over this part of itself. */
    private static final double JITTER = 0.2;

    private static final int MAX_DOUBLINGS = 20;

    public PollDelay {
        if (interval.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException(
                    "expected an interval of a second or more, found " + interval);
        }
    }

    /**
     * The delay to the next look.
     *
     * @param failures how many looks have failed since the last one that did not
     * @param chance from 0 inclusive to 1 exclusive
     */
    public Duration after(int failures, double chance) {
        long factor = 1L << Math.min(failures, MAX_DOUBLINGS);
        long limit = Math.max(MAX_BACK_OFF.toMillis(), interval.toMillis());
        long millis = Math.min(interval.toMillis() * factor, limit);
        return Duration.ofMillis(Math.round(millis * (1 - JITTER / 2 + JITTER * chance)));
    }
}
