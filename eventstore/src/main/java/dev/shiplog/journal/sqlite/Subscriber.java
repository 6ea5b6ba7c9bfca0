package dev.shiplog.journal.sqlite;

import dev.shiplog.journal.Journal;
import dev.shiplog.journal.StoredEvent;
import dev.shiplog.resource.Position;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One subscription: a thread that reads what is next and hands it on. It keeps a position and no
 * queue, so a slow consumer costs nobody anything. A platform thread, for it spends its life in
 * native reads.
 */
final class Subscriber implements Journal.Subscription {
    static final int MAX_BATCH_EVENTS = 1_000;

    /** How long {@link #close} waits for a call in progress. */
    static final Duration CLOSE_LIMIT = Duration.ofSeconds(30);

    private static final AtomicLong COUNT = new AtomicLong();

    private final Journal journal;
    private final HeadSignal signal;
    private final long lookMilliseconds;
    private final Supplier<Position> at;
    private final Consumer<List<StoredEvent>> consumer;
    private final Thread thread;
    private volatile Position position;
    private volatile boolean closed;

    /**
     * @param lookMilliseconds how often to look even without a signal
     * @param at how far the consumer has come by itself
     */
    Subscriber(
            Journal journal,
            HeadSignal signal,
            long lookMilliseconds,
            Supplier<Position> at,
            Consumer<List<StoredEvent>> consumer) {
        this.journal = journal;
        this.signal = signal;
        this.lookMilliseconds = lookMilliseconds;
        this.at = at;
        this.position = at.get();
        this.consumer = consumer;
        this.thread =
                Thread.ofPlatform()
                        .daemon()
                        .name("journal-subscriber-" + COUNT.incrementAndGet())
                        .unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            while (!closed) {
                position = reached();
                List<StoredEvent> batch = journal.read(position, MAX_BATCH_EVENTS);
                if (closed) {
                    return;
                }
                if (batch.isEmpty()) {
                    signal.awaitAfter(position, lookMilliseconds);
                } else {
                    position = batch.getLast().position();
                    consumer.accept(batch);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            if (!closed) {
                throw e;
            }
            // The journal was closed under a read.
        }
    }

    private Position reached() {
        Position own = at.get();
        return own.isAfter(position) ? own : position;
    }

    /** Whether there is more for the consumer once the log ends at a position. */
    boolean isBefore(Position head) {
        return head.isAfter(reached());
    }

    @Override
    public void close() {
        closed = true;
        signal.wake();
        if (Thread.currentThread() == thread) {
            return;
        }
        try {
            if (!thread.join(CLOSE_LIMIT)) {
                throw new IllegalStateException(
                        "expected the subscriber "
                                + thread.getName()
                                + " to return within "
                                + CLOSE_LIMIT
                                + ", found it busy");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
