package dev.shiplog.api.http;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Cuts off readers that do not read: a virtual thread that has been in one write for too long is
 * interrupted, which closes its socket.
 */
final class WriteStalls implements AutoCloseable {
    /** Each thread's deadline, in nanoseconds of the system's timer. */
    private final Map<Thread, Long> writing = new ConcurrentHashMap<>();

    private final CountDownLatch closed = new CountDownLatch(1);
    private final Duration limit;

    WriteStalls(Duration limit) {
        this.limit = limit;
        Thread.ofVirtual().name("api-write-stalls").start(this::watch);
    }

    void begin() {
        begin(limit);
    }

    /** A write that may take another time than most. */
    void begin(Duration patience) {
        writing.put(Thread.currentThread(), System.nanoTime() + patience.toNanos());
    }

    void end() {
        writing.remove(Thread.currentThread());
    }

    @Override
    public void close() {
        closed.countDown();
    }

    private void watch() {
        try {
            while (!closed.await(limit.toNanos() / 4, TimeUnit.NANOSECONDS)) {
                long now = System.nanoTime();
                writing.forEach((thread, deadline) -> {
                    if (now - deadline > 0 && writing.remove(thread, deadline)) {
                        thread.interrupt();
                    }
                });
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
