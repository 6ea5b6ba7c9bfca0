package dev.shiplog.api.watch;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Status;

import java.util.concurrent.atomic.AtomicInteger;

/** How many may watch at once. Whoever comes when all seats are taken is told to come again. */
public final class WatchSeats {
    private final int limit;
    private final AtomicInteger taken = new AtomicInteger();

    public WatchSeats(int limit) {
        this.limit = limit;
    }

    /** One seat; closing gives it back. */
    public interface Seat extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Takes a seat.
     *
     * @throws ApiFailure 429 if none is free
     */
    public Seat take() {
        if (taken.incrementAndGet() > limit) {
            taken.decrementAndGet();
            throw new ApiFailure(
                    Status.of(
                            429,
                            "TooManyRequests",
                            "expected at most " + limit + " watches at once; try again later"));
        }
        return taken::decrementAndGet;
    }

    /** How many seats are taken. */
    public int taken() {
        return taken.get();
    }
}
