package dev.shiplog.api.watch;

import dev.shiplog.resource.Position;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;

/**
 * The last changes of one kind, for all its watchers. Bounded: the oldest makes room for the
 * newest, whether or not everybody has read it.
 *
 * <p>One writes, under a lock; readers take none, or a thousand of them would wait for each other
 * at every change. Invariant: a slot is written before {@code next} passes it, and knows its
 * number, so that a reader notices one that was written again.
 */
final class ChangeRing {
    private final AtomicReferenceArray<@Nullable Slot> ring;

    /** Threads that wait for the next change. */
    private final Set<Thread> waiting = ConcurrentHashMap.newKeySet();

    /** The number of the next change; the one numbered {@code n} is at {@code n % capacity}. */
    private volatile long next;

    /** Every change after this position is here. */
    private volatile Position floor;

    private record Slot(long number, Change change) {}

    /**
     * @param floor the position of the state after which changes are added
     */
    ChangeRing(int capacity, Position floor) {
        this.ring = new AtomicReferenceArray<>(capacity);
        this.floor = floor;
    }

    /** Where a reader stands, or that it has been left behind. */
    sealed interface Start {
        /** Read from here. */
        record At(long number) implements Start {}

        /** Changes after the wanted position are gone; those after this one are here. */
        record Behind(Position floor) implements Start {}
    }

    synchronized void add(List<Change> changes) {
        long number = next;
        for (Change change : changes) {
            int at = (int) (number % ring.length());
            Slot oldest = ring.get(at);
            if (oldest != null) {
                floor = oldest.change().version();
            }
            ring.set(at, new Slot(number, change));
            number++;
            next = number;
        }
        wake();
    }

    /** Where to begin to see every change after a position. */
    synchronized Start after(Position position) {
        if (floor.isAfter(position)) {
            return new Start.Behind(floor);
        }
        long low = Math.max(0, next - ring.length());
        long high = next;
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (at(middle).isAfter(position)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return new Start.At(low);
    }

    private Position at(long number) {
        Slot slot = ring.get((int) (number % ring.length()));
        if (slot == null || slot.number() != number) {
            throw new IllegalStateException("expected a change numbered " + number);
        }
        return slot.change().version();
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
        if (number >= next && !await(number, reader, deadlineNanos)) {
            return List.of();
        }
        List<Change> changes = new ArrayList<>();
        long end = next;
        for (long n = number; n < end && changes.size() < limit; n++) {
            Slot slot = ring.get((int) (n % ring.length()));
            if (slot == null || slot.number() != n) {
                throw new LeftBehindException();
            }
            changes.add(slot.change());
        }
        return changes;
    }

    /** Waits for the change of a number; whether to look for it, rather than give up. */
    private boolean await(long number, Reader reader, long deadlineNanos)
            throws InterruptedException {
        Thread me = Thread.currentThread();
        waiting.add(me);
        try {
            // Whoever changes what is looked at here wakes those who wait afterwards.
            while (number >= next && !reader.stopped()) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                long nanos = deadlineNanos - System.nanoTime();
                if (nanos <= 0) {
                    return false;
                }
                LockSupport.parkNanos(this, Math.min(nanos, TimeUnit.HOURS.toNanos(1)));
            }
            return true;
        } finally {
            waiting.remove(me);
        }
    }

    /** Has readers look up. */
    void wake() {
        waiting.forEach(LockSupport::unpark);
    }

    /** Somebody who waits for changes. */
    interface Reader {
        boolean stopped();
    }

    /** A reader was slower than the changes for longer than the ring is. */
    static final class LeftBehindException extends Exception {}
}
