package dev.shiplog.node.plan;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How long to hold back the next try of something that keeps failing.
 *
 * @param delay counted from the failure
 * @param updated when the last try was made
 * @see <a href="https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy">
 *     the restart policy of Kubernetes, whose figures these are</a>
 */
public record Backoff(Duration delay, Instant updated) {
    /** Held back after the first repetition. */
    public static final Duration FIRST = Duration.ofSeconds(10);

    /** Held back at most. */
    public static final Duration LONGEST = Duration.ofMinutes(5);

    /** After so long without a failure, it begins again with {@link #FIRST}. */
    public static final Duration FORGOTTEN_AFTER = LONGEST.multipliedBy(2);

    /** Until when a failure holds back the next try; empty if not at all. */
    static Optional<Instant> heldUntil(Optional<Backoff> backoff, Instant failed) {
        return backoff.filter(b -> !b.forgotten(failed)).map(b -> failed.plus(b.delay));
    }

    /** After another try, made at {@code now} because of a failure. */
    static Backoff next(Optional<Backoff> before, Instant failed, Instant now) {
        return before.filter(b -> !b.forgotten(failed))
                .map(b -> new Backoff(doubled(b.delay), now))
                .orElse(new Backoff(FIRST, now));
    }

    private boolean forgotten(Instant failed) {
        return Duration.between(updated, failed).compareTo(FORGOTTEN_AFTER) > 0;
    }

    static Duration doubled(Duration delay) {
        Duration twice = delay.multipliedBy(2);
        return twice.compareTo(LONGEST) > 0 ? LONGEST : twice;
    }

    /** As Kubernetes writes it: {@code 10s}, {@code 1m20s}, {@code 5m0s}. */
    static String text(Duration delay) {
        long minutes = delay.toMinutes();
        return minutes == 0
                ? delay.toSecondsPart() + "s"
                : minutes + "m" + delay.toSecondsPart() + "s";
    }
}
