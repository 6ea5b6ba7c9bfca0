package dev.shiplog.node.linux;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * A pseudo terminal, from the side of who looks at it. The other side is a file: {@code /dev/pts/N}
 * where the multiplexer's file system is mounted.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/pty.7.html">pty(7)</a>
 */
public final class Pty implements AutoCloseable {
    private static final long TIOCSPTLCK = 0x40045431L;
    private static final long TIOCGPTN = 0x80045430L;
    private static final long TIOCSWINSZ = 0x5414L;
    private static final int WINSIZE_BYTES = 8;
    private static final int CHUNK_BYTES = 1 << 13;

    /** How soon it is seen that nobody writes any more. */
    private static final int LOOK_MILLIS = 50;

    private final ReentrantLock lock = new ReentrantLock();
    private final int fd;
    private final int number;
    private final FifoWriter keyboard;
    private boolean closed;

    private Pty(int fd, int number) {
        this.fd = fd;
        this.keyboard = new FifoWriter(fd);
        this.number = number;
    }

    /**
     * @param multiplexer {@code /dev/ptmx}, or that of another instance of the file system
     */
    public static Pty open(Path multiplexer) throws IOException {
        int fd =
                Kernel.open(
                        multiplexer,
                        Kernel.O_RDWR | Kernel.O_NOCTTY | Kernel.O_CLOEXEC | Kernel.O_NONBLOCK);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(ValueLayout.JAVA_INT);
            Kernel.ioctl("could not unlock a terminal", fd, TIOCSPTLCK, value);
            Kernel.ioctl("could not number a terminal", fd, TIOCGPTN, value);
            return new Pty(fd, value.get(ValueLayout.JAVA_INT, 0));
        } catch (IOException failed) {
            Kernel.close(fd);
            throw failed;
        }
    }

    /** The name of the other side's file. */
    public int number() {
        return number;
    }

    /** Tells those who run on it, by a signal, that its size changed. */
    public void resize(int columns, int rows) throws IOException {
        lock.lock();
        try {
            if (!closed) {
                setSize(fd, columns, rows);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The same for a terminal whose file this is. */
    public static void resize(Path terminal, int columns, int rows) throws IOException {
        int fd = Kernel.open(terminal, Kernel.O_RDWR | Kernel.O_NOCTTY | Kernel.O_CLOEXEC);
        try {
            setSize(fd, columns, rows);
        } finally {
            Kernel.close(fd);
        }
    }

    private static void setSize(int fd, int columns, int rows) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment size = arena.allocate(WINSIZE_BYTES, 2);
            size.set(ValueLayout.JAVA_SHORT, 0, (short) rows);
            size.set(ValueLayout.JAVA_SHORT, 2, (short) columns);
            Kernel.ioctl("could not resize a terminal", fd, TIOCSWINSZ, size);
        }
    }

    /**
     * Passes on what is written on it, until all who had it open are gone or {@code over} holds and
     * nothing is left. To be called on a platform thread: it waits in the kernel.
     */
    public void copyTo(OutputStream out, BooleanSupplier over) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment chunk = arena.allocate(CHUNK_BYTES);
            while (true) {
                boolean last = over.getAsBoolean();
                short holds = Kernel.poll(fd, last ? 0 : LOOK_MILLIS);
                if ((holds & Kernel.POLLIN) != 0) {
                    int count;
                    try {
                        count = Kernel.read(fd, chunk);
                    } catch (IOException otherSideClosed) {
                        return;
                    }
                    out.write(chunk.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE));
                    out.flush();
                } else if (holds != 0 || last) {
                    return;
                }
            }
        }
    }

    /** What is typed. Closed with the terminal; a write waits while nobody reads. */
    public OutputStream keyboard() {
        return keyboard;
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            // Both are one descriptor.
            keyboard.close();
        } finally {
            lock.unlock();
        }
    }
}
