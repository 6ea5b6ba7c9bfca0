package dev.shiplog.node.runtime.simulated;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Time as the simulation has it: real, or moved by a test. */
public interface Timer {
    Instant now();

    /** Runs the task once, after the delay; it must be quick and must not block. */
    void after(Duration delay, Runnable task);

    /** Real time. The caller shuts the executor down. */
    static Timer real(ScheduledExecutorService executor) {
        return new Timer() {
            @Override
            public Instant now() {
                return Instant.now();
            }

            @Override
            public void after(Duration delay, Runnable task) {
                var _ = executor.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
            }
        };
    }
}
