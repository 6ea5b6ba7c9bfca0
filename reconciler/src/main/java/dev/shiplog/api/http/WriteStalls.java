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
    private final Map<Thread, Long> writing = new ConcurrentHashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final long limitNanos;

    WriteStalls(Duration limit) {
        this.limitNanos = limit.toNanos();
        Thread.ofVirtual().name("api-write-stalls").start(this::watch);
    }

    void begin() {
        writing.put(Thread.currentThread(), System.nanoTime());
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
            while (!closed.await(limitNanos / 4, TimeUnit.NANOSECONDS)) {
                long now = System.nanoTime();
                writing.forEach((thread, since) -> {
                    if (now - since > limitNanos && writing.remove(thread, since)) {
                        thread.interrupt();
                    }
                });
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
