package dev.shiplog.journal.sqlite;

import dev.shiplog.resource.Position;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Tells subscribers that the head moved on. */
final class HeadSignal {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private Position head;
    private long wakes;

    HeadSignal(Position head) {
        this.head = head;
    }

    void moveTo(Position position) {
        lock.lock();
        try {
            head = position;
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Lets everybody who waits look around. */
    void wake() {
        lock.lock();
        try {
            wakes++;
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the head is after a position, somebody calls {@link #wake}, or time is up. */
    void awaitAfter(Position position, long milliseconds) throws InterruptedException {
        lock.lock();
        try {
            long seen = wakes;
            long nanoseconds = TimeUnit.MILLISECONDS.toNanos(milliseconds);
            while (!head.isAfter(position) && wakes == seen && nanoseconds > 0) {
                nanoseconds = moved.awaitNanos(nanoseconds);
            }
        } finally {
            lock.unlock();
        }
    }
}
