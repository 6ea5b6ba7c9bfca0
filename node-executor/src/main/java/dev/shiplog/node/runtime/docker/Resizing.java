package dev.shiplog.node.runtime.docker;

import com.github.dockerjava.api.exception.DockerException;

import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.node.runtime.Terminal;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

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
    private final AtomicReference<int[]> wished = new AtomicReference<>(new int[0]);
    private final Thread thread;
    private volatile boolean over;

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
        wished.set(new int[] {columns, rows});
        LockSupport.unpark(thread);
    }

    private void run() {
        while (!over) {
            int[] size = wished.getAndSet(new int[0]);
            if (size.length == 0) {
                LockSupport.parkNanos(this, LONGEST_WAIT.toNanos());
                continue;
            }
            for (int i = 0; i < TRIES && !over && wished.get().length == 0 && !told(size); i++) {
                LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
            }
        }
    }

    private boolean told(int[] size) {
        try {
            return engine.ask(
                    "resizing a terminal",
                    () -> {
                        resize.to(size[0], size[1]);
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
