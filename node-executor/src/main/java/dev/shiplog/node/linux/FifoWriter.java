package dev.shiplog.node.linux;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes to a named pipe, or what behaves like one. A write waits while nobody reads, and ends when
 * its thread is interrupted or this is closed, which Java's own file streams do not.
 */
public final class FifoWriter extends OutputStream {
    private static final int CHUNK_BYTES = 1 << 13;
    private static final long FULL_NANOS = 1_000_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final int fd;
    private boolean closed;

    /** Takes over the descriptor, which must not block. */
    FifoWriter(int fd) {
        this.fd = fd;
    }

    /**
     * @throws IOException also when nobody has it open to read
     */
    public static FifoWriter open(Path fifo) throws IOException {
        return new FifoWriter(
                Kernel.open(fifo, Kernel.O_WRONLY | Kernel.O_CLOEXEC | Kernel.O_NONBLOCK));
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int done = 0;
        while (done < length) {
            int count = some(bytes, offset + done, length - done);
            done += count;
            if (count == 0) {
                LockSupport.parkNanos(FULL_NANOS);
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException();
            }
        }
    }

    private int some(byte[] bytes, int offset, int length) throws IOException {
        lock.lock();
        try (Arena arena = Arena.ofConfined()) {
            if (closed) {
                throw new IOException("closed");
            }
            int count = Math.min(length, CHUNK_BYTES);
            MemorySegment chunk = arena.allocate(count);
            MemorySegment.copy(bytes, offset, chunk, ValueLayout.JAVA_BYTE, 0, count);
            return Kernel.writeSome(fd, chunk);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (!closed) {
                closed = true;
                Kernel.close(fd);
            }
        } finally {
            lock.unlock();
        }
    }
}
