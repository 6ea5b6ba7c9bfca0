package dev.shiplog.node.plan;

import java.time.Duration;
import java.time.Instant;

/**
 * Something was told to end.
 *
 * @param since when
 * @param grace how long it has, with the hook before its end
 */
public record Ending(Instant since, Duration grace) {
    /** What a container gets between SIGTERM and SIGKILL however long its hook took. */
    static final Duration LEAST = Duration.ofSeconds(2);

    public static Ending of(Instant since, long graceSeconds) {
        return new Ending(since, Duration.ofSeconds(graceSeconds));
    }

    Instant killAt() {
        return since.plus(grace);
    }

    /** Between SIGTERM and SIGKILL in any case. */
    Duration least() {
        return grace.compareTo(LEAST) < 0 ? grace : LEAST;
    }

    public Ending orSooner(Ending other) {
        return other.killAt().isBefore(killAt()) || other.grace.isZero() ? other : this;
    }
}
