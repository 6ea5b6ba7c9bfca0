package dev.shiplog.node.runtime.process;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** One change at a time to each pod. */
final class PodLocks {
    private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();

    /** Held until closed. */
    interface Held extends AutoCloseable {
        @Override
        void close();
    }

    Held hold(String podUid) {
        ReentrantLock lock = locks.computeIfAbsent(podUid, uid -> new ReentrantLock());
        lock.lock();
        return lock::unlock;
    }
}
