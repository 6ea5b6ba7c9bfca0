package dev.shiplog.node.worker;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Turns for a bounded number at once. Who finishes something goes before who begins something, so
 * that of many pods the first are complete while the last have not begun; among equals, first come,
 * first served.
 *
 * <p>Invariant: a turn that is given back goes to somebody who waits, if anybody does. Those who
 * finish cannot starve those who begin: each of them began once.
 */
final class Turns {
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Waiter> finishing = new ArrayDeque<>();
    private final Deque<Waiter> beginning = new ArrayDeque<>();
    private int free;

    Turns(int atOnce) {
        free = atOnce;
    }

    private static final class Waiter {
        private final Condition condition;
        private boolean served;

        Waiter(Condition condition) {
            this.condition = condition;
        }
    }

    /**
     * Waits for a turn, to be given back by {@link #release()}.
     *
     * @param finishes whether it goes before those who begin
     * @return whether there was one within the limit
     */
    boolean tryAcquire(boolean finishes, Duration limit) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (free > 0) {
                free--;
                return true;
            }
            Deque<Waiter> queue = finishes ? finishing : beginning;
            Waiter waiter = new Waiter(lock.newCondition());
            queue.addLast(waiter);
            return await(waiter, queue, limit);
        } finally {
            lock.unlock();
        }
    }

    private boolean await(Waiter waiter, Deque<Waiter> queue, Duration limit)
            throws InterruptedException {
        long left = limit.toNanos();
        try {
            while (!waiter.served && left > 0) {
                left = waiter.condition.awaitNanos(left);
            }
            return waiter.served || !queue.remove(waiter);
        } catch (InterruptedException interrupted) {
            if (waiter.served) {
                passOn();
            } else {
                queue.remove(waiter);
            }
            throw interrupted;
        }
    }

    void release() {
        lock.lock();
        try {
            passOn();
        } finally {
            lock.unlock();
        }
    }

    private void passOn() {
        Waiter next = finishing.isEmpty() ? beginning.poll() : finishing.poll();
        if (next == null) {
            free++;
        } else {
            next.served = true;
            next.condition.signal();
        }
    }
}
