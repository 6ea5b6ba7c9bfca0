package dev.shiplog.node.runtime.docker;

import com.github.dockerjava.api.exception.DockerException;

import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.node.runtime.Terminal;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Tells the Engine the sizes that a client's terminal takes, the newest of them, on a thread of its
 * own. The first may come before the process has a terminal: it is told again for a while.
 */
final class Resizing implements AutoCloseable {
    private static final int TRIES = 40;
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(25);
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);

    private final Engine engine;
    private final Resize resize;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private Optional<Size> wished = Optional.empty();
    private volatile boolean over;

    private record Size(int columns, int rows) {}

    private Resizing(Engine engine, Resize resize) {
        this.engine = engine;
        this.resize = resize;
        this.thread = Thread.ofVirtual().name("docker: terminal's size").unstarted(this::run);
    }

    /** Tells one size. */
    interface Resize {
        void to(int columns, int rows);
    }

    static Resizing begin(Engine engine, Terminal.Sizes sizes, Resize resize) {
        Resizing resizing = new Resizing(engine, resize);
        resizing.thread.start();
        sizes.listen(resizing::wish);
        return resizing;
    }

    private void wish(int columns, int rows) {
        exchange(Optional.of(new Size(columns, rows)));
        LockSupport.unpark(thread);
    }

    /** Gives what was wished before. */
    private Optional<Size> exchange(Optional<Size> next) {
        lock.lock();
        try {
            Optional<Size> before = wished;
            wished = next;
            return before;
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        while (!over) {
            Optional<Size> size = exchange(Optional.empty());
            if (size.isEmpty()) {
                LockSupport.parkNanos(this, LONGEST_WAIT.toNanos());
            } else {
                tell(size.get());
            }
        }
    }

    /** Again for a while, unless another is wished. */
    private void tell(Size first) {
        Size size = first;
        for (int i = 0; i < TRIES && !over && !told(size); i++) {
            LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
            size = exchange(Optional.empty()).orElse(size);
        }
    }

    private boolean told(Size size) {
        try {
            return engine.ask(
                    "resizing a terminal",
                    () -> {
                        resize.to(size.columns, size.rows);
                        return true;
                    });
        } catch (RuntimeFailure | DockerException notYet) {
            return false;
        }
    }

    @Override
    public void close() {
        over = true;
        LockSupport.unpark(thread);
        thread.interrupt();
    }
}
