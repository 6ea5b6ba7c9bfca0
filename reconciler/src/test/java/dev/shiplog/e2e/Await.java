package dev.shiplog.e2e;

import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Waits for a condition with a bounded patience; what was last seen is in the failure. A look that
 * starts a program takes processor time from what is waited for: no more than half of the time is
 * spent looking.
 */
final class Await {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

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
                Duration took = Duration.ofNanos(System.nanoTime() - began);
                Thread.sleep(took.compareTo(every) > 0 ? took : every);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                fail("interrupted while waiting for " + what);
            }
            began = System.nanoTime();
            seen = look.get();
        }
        return seen;
    }
}
