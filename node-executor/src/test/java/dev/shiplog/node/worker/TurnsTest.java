package dev.shiplog.node.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

@Timeout(30)
class TurnsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Turns turns = new Turns(1);
    private final BlockingQueue<String> served = new LinkedBlockingQueue<>();

    @Test
    void whoFinishesGoesBeforeWhoBegins() throws InterruptedException {
        assertTrue(turns.tryAcquire(false, PATIENCE));
        Thread first = waiting("first to begin", false);
        Thread second = waiting("second to begin", false);
        Thread finishing = waiting("to finish", true);
        turns.release();
        assertEquals(
                List.of("to finish", "first to begin", "second to begin"),
                List.of(next(), next(), next()));
        for (Thread thread : List.of(first, second, finishing)) {
            assertTrue(thread.join(PATIENCE));
        }
    }

    @Test
    void thereIsNoTurnBeyondTheLimit() throws InterruptedException {
        assertTrue(turns.tryAcquire(false, PATIENCE));
        assertFalse(turns.tryAcquire(true, Duration.ofMillis(1)));
        turns.release();
        assertTrue(turns.tryAcquire(true, PATIENCE));
    }

    @Test
    void whoIsInterruptedLeavesTheQueue() throws InterruptedException {
        assertTrue(turns.tryAcquire(false, PATIENCE));
        Thread gone = waiting("gone", true);
        Thread stays = waiting("stays", false);
        gone.interrupt();
        assertTrue(gone.join(PATIENCE));
        turns.release();
        assertEquals("stays", next());
        assertTrue(stays.join(PATIENCE));
        assertTrue(turns.tryAcquire(false, PATIENCE));
    }

    /** A thread that waits for a turn, says so when it has it, and gives it back. */
    private Thread waiting(String name, boolean finishes) {
        Thread thread =
                Thread.ofPlatform()
                        .daemon()
                        .start(() -> {
                            try {
                                if (turns.tryAcquire(finishes, PATIENCE)) {
                                    served.add(name);
                                    turns.release();
                                }
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        });
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        return thread;
    }

    private String next() throws InterruptedException {
        String name = served.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        return name == null ? "nobody" : name;
    }
}
