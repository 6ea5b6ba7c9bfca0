package dev.shiplog.ledger;

import dev.shiplog.event.Recorded;
import dev.shiplog.resource.Position;
import dev.shiplog.state.ClusterState;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * One listener and its thread. What comes while the listener is busy is kept up to a limit and
 * handed over in one call; beyond that it is read from the log again, so a slow listener costs
 * neither memory nor anybody's time.
 */
final class Follower {
    /** How many events are kept for a busy listener. */
    static final int MAX_KEPT_EVENTS = 10_000;

    /** How many events are read at once when the listener is further behind. */
    static final int CATCH_UP_EVENTS = 1_000;

    /** How long {@link #close} waits for a call in progress. */
    static final Duration CLOSE_LIMIT = Duration.ofSeconds(30);

    private static final Logger log = LoggerFactory.getLogger(Follower.class);

    private final Supplier<ClusterState> newest;
    private final History history;
    private final Ledger.Listener listener;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Recorded> kept = new ArrayList<>();
    private @Nullable ClusterState afterKept;
    private boolean closed;

    /** Touched by the thread only. */
    private Position position;

    /** The state at {@code position}; worked out when it is needed. */
    private @Nullable ClusterState mine;

    Follower(
            Supplier<ClusterState> newest,
            History history,
            Position after,
            Ledger.Listener listener) {
        this.newest = newest;
        this.history = history;
        this.position = after;
        this.listener = listener;
        this.thread = Thread.ofVirtual().name("ledger-listener").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Tells of a new revision; called in log order. Never blocks for long. */
    void offer(ClusterState after, List<Recorded> events) {
        lock.lock();
        try {
            if (kept.size() + events.size() > MAX_KEPT_EVENTS) {
                kept.clear();
            }
            kept.addAll(events);
            afterKept = after;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            while (true) {
                List<Recorded> events = next();
                if (events.isEmpty()) {
                    return;
                }
                call(events);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            if (!closed()) {
                log.error("A listener's events cannot be read any more", e);
            }
        }
    }

    private void call(List<Recorded> events) {
        ClusterState after = mine;
        if (after == null) {
            throw new IllegalStateException("events without the state after them");
        }
        try {
            listener.changed(after, events);
        } catch (RuntimeException e) {
            // The listener's own fault; the next events may go better, and silence would not.
            log.error(
                    "A listener failed on positions {} to {}",
                    events.getFirst().position(),
                    events.getLast().position(),
                    e);
        }
    }

    /** The next events, with {@code mine} the state after them; none when closed. */
    private List<Recorded> next() throws InterruptedException {
        lock.lock();
        try {
            while (!closed && !newest.get().position().isAfter(position)) {
                kept.clear();
                changed.await();
            }
            if (closed) {
                return List.of();
            }
            Optional<List<Recorded>> inHand = takeKept();
            if (inHand.isPresent()) {
                return inHand.get();
            }
        } finally {
            lock.unlock();
        }
        return catchUp();
    }

    /** What was kept, if it goes on exactly where the listener is. */
    private Optional<List<Recorded>> takeKept() {
        if (kept.isEmpty() || kept.getFirst().position().isAfter(position.next())) {
            return Optional.empty();
        }
        List<Recorded> events =
                kept.stream().filter(event -> event.position().isAfter(position)).toList();
        kept.clear();
        if (events.isEmpty()) {
            return Optional.empty();
        }
        position = events.getLast().position();
        mine = afterKept;
        return Optional.of(events);
    }

    private List<Recorded> catchUp() {
        ClusterState base = mine;
        if (base == null) {
            base = history.stateAt(position);
        }
        long missing = newest.get().position().value() - position.value();
        List<Recorded> events =
                history.read(position, Optional.empty(), (int) Math.min(CATCH_UP_EVENTS, missing));
        mine = base.evolve(events);
        position = events.getLast().position();
        return events;
    }

    private boolean closed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
        if (Thread.currentThread() == thread) {
            return;
        }
        try {
            if (!thread.join(CLOSE_LIMIT)) {
                log.warn("A listener did not return within {}", CLOSE_LIMIT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
