package dev.shiplog.node.plan;

import dev.shiplog.node.runtime.RuntimeFailure;

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

    /** How soon to try again when the runtime itself did not answer. */
    static final Duration RUNTIME_RETRY = Duration.ofSeconds(2);

    /**
     * A failure that follows an earlier one: held back twice as long, if it is of the same kind. A
     * runtime that did not answer is not waited for longer than it takes to come back.
     */
    static Held after(
            Optional<Held> before, String reason, EffectResult.Failed failed, Instant now) {
        if (failed.kind() == RuntimeFailure.Kind.UNAVAILABLE) {
            return new Held(now, RUNTIME_RETRY, reason, failed.message());
        }
        Duration delay =
                before.filter(held -> held.reason.equals(reason))
                        .map(held -> Backoff.doubled(held.delay))
                        .orElse(Backoff.FIRST);
        return new Held(now, delay, reason, failed.message());
    }

    /** Whether people were told of this failure already. */
    static boolean known(Optional<Held> before, String reason, EffectResult.Failed failed) {
        return before.filter(
                        held -> held.reason.equals(reason) && held.message.equals(failed.message()))
                .isPresent();
    }
}
