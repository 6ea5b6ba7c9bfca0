package dev.shiplog.api.stream;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Carries bytes from one thread to another, bounded: who writes waits until there is room, for a
 * while. Takes memory as it is filled. Once the reader has closed, what is written goes nowhere.
 */
final class Pipe {
    private static final int FIRST_BYTES = 1024;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Duration patience;
    private final int capacity;
    private byte[] ring;
    private final InputStream in = new In();
    private int first;
    private int length;
    private boolean ended;
    private boolean discarding;

    /**
     * @param capacity in bytes
     * @param patience how long a writer waits for room
     */
    Pipe(int capacity, Duration patience) {
        this.capacity = capacity;
        this.ring = new byte[Math.min(capacity, FIRST_BYTES)];
        this.patience = patience;
    }

    /** The reading end. */
    InputStream in() {
        return in;
    }

    /**
     * Writes all of the bytes.
     *
     * @return whether they were taken; false if there was no room for as long as patience goes
     */
    boolean write(byte[] bytes, int offset, int count) throws InterruptedException {
        int from = offset;
        int left = count;
        lock.lockInterruptibly();
        try {
            long nanos = patience.toNanos();
            while (left > 0) {
                if (discarding || ended) {
                    return true;
                }
                if (left > ring.length - length && ring.length < capacity) {
                    grow(Math.min(capacity, Math.max(2 * ring.length, length + left)));
                }
                int room = Math.min(left, ring.length - length);
                if (room == 0) {
                    if (nanos <= 0) {
                        return false;
                    }
                    nanos = changed.awaitNanos(nanos);
                    continue;
                }
                put(bytes, from, room);
                from += room;
                left -= room;
                nanos = patience.toNanos();
                changed.signalAll();
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void grow(int size) {
        byte[] larger = new byte[size];
        int head = Math.min(length, ring.length - first);
        System.arraycopy(ring, first, larger, 0, head);
        System.arraycopy(ring, 0, larger, head, length - head);
        ring = larger;
        first = 0;
    }

    private void put(byte[] bytes, int offset, int count) {
        int end = (first + length) % ring.length;
        int head = Math.min(count, ring.length - end);
        System.arraycopy(bytes, offset, ring, end, head);
        System.arraycopy(bytes, offset + head, ring, 0, count - head);
        length += count;
    }

    /** Says that nothing more will be written; the reader reads what is there, then the end. */
    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Says that nothing more will be read; a writer waits no longer. */
    void discard() {
        lock.lock();
        try {
            discarding = true;
            length = 0;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private final class In extends InputStream {
        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int count) throws IOException {
            if (count == 0) {
                return 0;
            }
            try {
                lock.lockInterruptibly();
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
            try {
                while (length == 0) {
                    if (ended || discarding) {
                        return -1;
                    }
                    // Bounded by the session: its end discards.
                    changed.await(1, TimeUnit.DAYS);
                }
                int taken = Math.min(count, length);
                int head = Math.min(taken, ring.length - first);
                System.arraycopy(ring, first, bytes, offset, head);
                System.arraycopy(ring, 0, bytes, offset + head, taken - head);
                first = (first + taken) % ring.length;
                length -= taken;
                changed.signalAll();
                return taken;
            } catch (InterruptedException e) {
                throw interrupted(e);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public int available() {
            lock.lock();
            try {
                return length;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            discard();
        }

        private InterruptedIOException interrupted(InterruptedException cause) {
            Thread.currentThread().interrupt();
            InterruptedIOException failure =
                    new InterruptedIOException("interrupted while waiting for input");
            failure.initCause(cause);
            return failure;
        }
    }
}
