package dev.shiplog.node.runtime.process;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Wakes all who wait for something on disk to change; each looks for itself. */
final class Bell {
    /** Waiters look again at least this often, should a change have gone unheard. */
    private static final long LOOK_NANOS = 500_000_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition rung = lock.newCondition();
    private long rings;

    void ring() {
        lock.lock();
        try {
            rings++;
            rung.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Something that can be looked at. */
    interface Look {
        boolean holds() throws IOException;
    }

    /** Waits until it holds; gives whether it does in time. */
    boolean await(Duration limit, Look look) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            long heard = rings();
            if (look.holds()) {
                return true;
            }
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            next(heard, Math.min(left, LOOK_NANOS));
        }
    }

    private long rings() {
        lock.lock();
        try {
            return rings;
        } finally {
            lock.unlock();
        }
    }

    private void next(long heard, long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = nanos;
            while (rings == heard && left > 0) {
                left = rung.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }
}
