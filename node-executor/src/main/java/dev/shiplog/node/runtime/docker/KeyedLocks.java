package dev.shiplog.node.runtime.docker;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** A lock for each key in use; as many locks exist as keys are held or awaited. */
final class KeyedLocks {
    private final ConcurrentHashMap<String, Counted> locks = new ConcurrentHashMap<>();

    /** Waits for the key; closing gives it back. */
    Held hold(String key) throws InterruptedException {
        Counted counted =
                locks.compute(
                        key, (_, present) -> (present == null ? new Counted() : present).use());
        try {
            counted.lock.lockInterruptibly();
        } catch (InterruptedException interrupted) {
            release(key);
            throw interrupted;
        }
        return () -> {
            counted.lock.unlock();
            release(key);
        };
    }

    private void release(String key) {
        locks.computeIfPresent(key, (_, present) -> --present.users == 0 ? null : present);
    }

    /** Gives the key back. */
    interface Held extends AutoCloseable {
        @Override
        void close();
    }

    /** {@code users} changes only inside the map's compute, which is atomic per key. */
    private static final class Counted {
        private final ReentrantLock lock = new ReentrantLock();
        private int users;

        private Counted use() {
            users++;
            return this;
        }
    }
}
