package dev.shiplog.node.runtime.simulated;

import dev.shiplog.node.runtime.PodConnection;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** A connection to something that sends back what it is sent, and ends when its sender does. */
final class SimulatedConnection implements PodConnection {
    /** A writer waits while so much is unread. */
    private static final int MOST_BYTES = 1 << 16;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final byte[] ring = new byte[MOST_BYTES];
    private int start;
    private int size;
    private boolean ended;
    private boolean closed;

    private final InputStream in =
            new InputStream() {
                @Override
                public int read() throws IOException {
                    byte[] one = new byte[1];
                    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
                }

                @Override
                public int read(byte[] bytes, int offset, int length) throws IOException {
                    return take(bytes, offset, length);
                }
            };

    private final OutputStream out =
            new OutputStream() {
                @Override
                public void write(int one) throws IOException {
                    put((byte) one);
                }
            };

    private void put(byte one) throws IOException {
        lock.lock();
        try {
            awaitUntil(() -> size < MOST_BYTES || closed);
            if (closed || ended) {
                throw new IOException("the connection is closed");
            }
            ring[(start + size++) % MOST_BYTES] = one;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private int take(byte[] bytes, int offset, int length) throws IOException {
        lock.lock();
        try {
            awaitUntil(() -> size > 0 || ended || closed || length == 0);
            if (closed) {
                throw new IOException("the connection is closed");
            }
            if (size == 0) {
                return length == 0 ? 0 : -1;
            }
            int count = Math.min(length, size);
            for (int i = 0; i < count; i++) {
                bytes[offset + i] = ring[start];
                start = (start + 1) % MOST_BYTES;
            }
            size -= count;
            changed.signalAll();
            return count;
        } finally {
            lock.unlock();
        }
    }

    private void awaitUntil(BooleanSupplier holds) throws IOException {
        try {
            while (!holds.getAsBoolean()) {
                changed.await();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    @Override
    public InputStream in() {
        return in;
    }

    @Override
    public OutputStream out() {
        return out;
    }

    @Override
    public void endOutput() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
