package dev.shiplog.loop;

import dev.shiplog.controller.BatchController;
import dev.shiplog.controller.Controller;
import dev.shiplog.event.Recorded;
import dev.shiplog.ledger.Ledger;
import dev.shiplog.loop.WorkQueue.Item;
import dev.shiplog.resource.Position;
import dev.shiplog.state.ClusterState;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Turns the ring: follows the ledger, wakes the controllers that an event concerns, and submits
 * what they ask for. What follows from an event inherits its correlation and commit, so that every
 * chain of causes leads back to where it began.
 *
 * <p>A few workers look at different resources at once, so that their appends share an fsync; one
 * resource is never looked at twice at once. A controller that fails is tried again later and stops
 * nobody else.
 */
public final class Loop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);

    /** How many resources are looked at at once. */
    public static final int WORKERS = 16;

    /** How long {@link #close()} waits for looks that have begun. */
    public static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    /** How long a batch waits to see its own events. */
    private static final Duration CATCH_UP_TIMEOUT = Duration.ofSeconds(30);

    /** How long a worker sleeps before it looks for work by itself. */
    private static final Duration IDLE_CHECK = Duration.ofSeconds(1);

    private final Ledger ledger;
    private final WorkQueue queue;
    private final Wakes wakes;
    private final Turn turn;
    private final DueTimes dueTimes;
    private final List<Thread> workers = new ArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();

    /** Something is to be looked at. Whoever takes it wakes another one if there is more. */
    private final Condition work = lock.newCondition();

    /** Events have been told. */
    private final Condition told = lock.newCondition();

    private Optional<Ledger.Subscription> subscription = Optional.empty();
    private Position seen = Position.ORIGIN;
    private boolean closed;

    /** A loop that never lacks room. */
    public Loop(
            Ledger ledger,
            List<Controller> controllers,
            DueTimes dueTimes,
            Supplier<Instant> clock) {
        this(ledger, controllers, dueTimes, clock, Room.ENOUGH);
    }

    /**
     * @param dueTimes closed along with the loop
     */
    public Loop(
            Ledger ledger,
            List<Controller> controllers,
            DueTimes dueTimes,
            Supplier<Instant> clock,
            Room room) {
        this.ledger = ledger;
        this.dueTimes = dueTimes;
        queue = new WorkQueue(controllers);
        wakes = new Wakes(ledger, controllers, queue);
        turn = new Turn(ledger, queue, dueTimes, clock, this::signal, room);
    }

    /** Looks at everything once, then follows. Call once. */
    public void start() {
        ClusterState state = ledger.state();
        seen = state.position();
        wakes.start(state);
        subscription = Optional.of(ledger.subscribe(state.position(), this::changed));
        for (int i = 0; i < WORKERS; i++) {
            workers.add(Thread.ofVirtual().name("loop-" + i).start(this::work));
        }
    }

    /** Whether nothing waits to be looked at, and nothing is being looked at. */
    public boolean isIdle() {
        return queue.isIdle();
    }

    private void changed(ClusterState after, List<Recorded> events) {
        wakes.changed(after, events);
        lock.lock();
        try {
            seen = after.position();
            told.signalAll();
            wakeOne();
        } finally {
            lock.unlock();
        }
    }

    private void signal() {
        lock.lock();
        try {
            wakeOne();
        } finally {
            lock.unlock();
        }
    }

    /** Most events concern nobody: no worker wakes for nothing. Called with the lock. */
    private void wakeOne() {
        if (queue.isReady()) {
            work.signal();
        }
    }

    private void work() {
        try {
            while (true) {
                Optional<Item> item = next();
                if (item.isEmpty()) {
                    return;
                }
                Position last = turn.run(item.get());
                if (item.get().controller() instanceof BatchController) {
                    awaitSeen(last);
                }
                queue.done(item.get());
                signal();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for something to look at; empty when the loop is closed. */
    private Optional<Item> next() throws InterruptedException {
        lock.lock();
        try {
            while (!closed) {
                Optional<Item> item = queue.take();
                if (item.isPresent()) {
                    wakeOne();
                    return item;
                }
                long _ = work.awaitNanos(IDLE_CHECK.toNanos());
            }
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    private void awaitSeen(Position position) throws InterruptedException {
        long left = CATCH_UP_TIMEOUT.toNanos();
        lock.lock();
        try {
            while (position.isAfter(seen) && !closed) {
                if (left <= 0) {
                    LOG.warn(
                            "the loop is behind: expected to have seen {}, found {}",
                            position,
                            seen);
                    return;
                }
                left = told.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            work.signalAll();
            told.signalAll();
        } finally {
            lock.unlock();
        }
        subscription.ifPresent(Ledger.Subscription::close);
        long deadline = System.nanoTime() + CLOSE_TIMEOUT.toNanos();
        try {
            for (Thread worker : workers) {
                long left = Math.max(1, deadline - System.nanoTime());
                if (!worker.join(Duration.ofNanos(left))) {
                    LOG.warn("{} is still busy after {} s", worker, CLOSE_TIMEOUT.toSeconds());
                    worker.interrupt();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            dueTimes.close();
        }
    }
}
