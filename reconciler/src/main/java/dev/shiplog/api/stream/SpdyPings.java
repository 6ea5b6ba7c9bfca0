package dev.shiplog.api.stream;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Asks a client over SPDY whether it is there, for as long as this is open. */
final class SpdyPings implements AutoCloseable {
    private static final int PINGS_PER_SILENCE = 3;

    private final SpdyWire wire;
    private final long every;
    private final CountDownLatch over = new CountDownLatch(1);

    SpdyPings(SpdyWire wire, Duration silence) {
        this.wire = wire;
        this.every = silence.toNanos() / PINGS_PER_SILENCE;
        Thread.ofVirtual().name("api-spdy-pings").start(this::run);
    }

    private void run() {
        // Those that a server begins are even.
        int id = 2;
        try {
            while (!over.await(every, TimeUnit.NANOSECONDS)) {
                wire.ping(id);
                id += 2;
            }
        } catch (IOException _) {
            // Whoever reads notices as well, and ends it.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        over.countDown();
    }
}
