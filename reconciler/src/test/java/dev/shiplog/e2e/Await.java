package dev.shiplog.e2e;

import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Waits for a condition with a bounded patience; what was last seen is in the failure. A look that
 * starts a program takes processor time from what is waited for: no more than a third of the time
 * is spent looking. One that takes long waits itself, and is soon repeated.
 */
final class Await {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    /** How long to pause after a look, in times of what it took. */
    private static final int PAUSE = 2;

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private Await() {}

    static <T> T until(String what, Supplier<T> look, Predicate<T> holds) {
        return until(what, look, holds, LOOK_EVERY);
    }

    static <T> T until(String what, Supplier<T> look, Predicate<T> holds, Duration every) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        long began = System.nanoTime();
        T seen = look.get();
        while (!holds.test(seen)) {
            if (System.nanoTime() > deadline) {
                fail(
                        "expected "
                                + what
                                + " within "
                                + PATIENCE.toSeconds()
                                + " s, last saw:\n"
                                + seen);
            }
            try {
                Thread.sleep(pause(Duration.ofNanos(System.nanoTime() - began), every));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                fail("interrupted while waiting for " + what);
            }
            began = System.nanoTime();
            seen = look.get();
        }
        return seen;
    }

    private static Duration pause(Duration took, Duration every) {
        Duration pause = took.multipliedBy(PAUSE);
        if (pause.compareTo(every) < 0) {
            return every;
        }
        return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }
}
