package dev.shiplog.api.watch;

import dev.shiplog.resource.Position;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The last changes of one kind, for all its watchers. Bounded: the oldest makes room for the
 * newest, whether or not everybody has read it.
 */
final class ChangeRing {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final @Nullable Change[] ring;

    /** The number of the next change; the one numbered {@code n} is at {@code n % capacity}. */
    private long next;

    /** Every change after this position is here. */
    private Position floor;

    /**
     * @param floor the position of the state after which changes are added
     */
    ChangeRing(int capacity, Position floor) {
        this.ring = new Change[capacity];
        this.floor = floor;
    }

    /** Where a reader stands, or that it has been left behind. */
    sealed interface Start {
        /** Read from here. */
        record At(long number) implements Start {}

        /** Changes after the wanted position are gone; those after this one are here. */
        record Behind(Position floor) implements Start {}
    }

    void add(List<Change> changes) {
        lock.lock();
        try {
            for (Change change : changes) {
                int slot = (int) (next % ring.length);
                Change oldest = ring[slot];
                if (oldest != null) {
                    floor = oldest.version();
                }
                ring[slot] = change;
                next++;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Where to begin to see every change after a position. */
    Start after(Position position) {
        lock.lock();
        try {
            if (floor.isAfter(position)) {
                return new Start.Behind(floor);
            }
            long low = Math.max(0, next - ring.length);
            long high = next;
            while (low < high) {
                long middle = (low + high) >>> 1;
                if (at(middle).version().isAfter(position)) {
                    high = middle;
                } else {
                    low = middle + 1;
                }
            }
            return new Start.At(low);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Up to {@code limit} changes from a number on; waits for the first until a deadline, or until
     * the reader is {@link Reader#stopped() stopped}. Empty if none came.
     *
     * @param deadlineNanos as {@link System#nanoTime()}
     * @throws LeftBehindException if the change of that number has made room for newer ones
     */
    List<Change> read(long number, int limit, Reader reader, long deadlineNanos)
            throws InterruptedException, LeftBehindException {
        lock.lockInterruptibly();
        try {
            while (number >= next && !reader.stopped()) {
                long nanos = deadlineNanos - System.nanoTime();
                if (nanos <= 0) {
                    return List.of();
                }
                changed.awaitNanos(Math.min(nanos, TimeUnit.HOURS.toNanos(1)));
            }
            if (number < next - ring.length) {
                throw new LeftBehindException();
            }
            List<Change> changes = new ArrayList<>();
            for (long n = number; n < next && changes.size() < limit; n++) {
                changes.add(at(n));
            }
            return changes;
        } finally {
            lock.unlock();
        }
    }

    /** Has stopped readers look up. */
    void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private Change at(long number) {
        Change change = ring[(int) (number % ring.length)];
        if (change == null) {
            throw new IllegalStateException("expected a change numbered " + number);
        }
        return change;
    }

    /** Somebody who waits for changes. */
    interface Reader {
        boolean stopped();
    }

    /** A reader was slower than the changes for longer than the ring is. */
    static final class LeftBehindException extends Exception {}
}
