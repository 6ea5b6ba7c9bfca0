package dev.shiplog.node.plan;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A failure that holds back the next try.
 *
 * @param at when it failed
 * @param delay how long the next try is held back
 * @param reason one word, as in {@code state.waiting.reason}
 */
record Held(Instant at, Duration delay, String reason, String message) {
    Instant until() {
        return at.plus(delay);
    }

    /**
     * A failure that follows an earlier one: held back twice as long, if it is of the same kind.
     */
    static Held after(Optional<Held> before, String reason, String message, Instant now) {
        Duration delay =
                before.filter(held -> held.reason.equals(reason))
                        .map(held -> Backoff.doubled(held.delay))
                        .orElse(Backoff.FIRST);
        return new Held(now, delay, reason, message);
    }
}
