package dev.shiplog.node.runtime.process;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Tells which files of a directory were written, without looking at those that were not. */
final class DirectoryWatch implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(DirectoryWatch.class.getName());

    private final WatchService service;
    private final Duration pause;
    private final Duration idle;
    private final Listener listener;
    private final CountDownLatch closed = new CountDownLatch(1);

    /** Called from one thread. */
    interface Listener {
        void written(String file) throws IOException;

        /** Called now and then, and when changes were too many to tell: anything may be new. */
        void lookAtAll() throws IOException;
    }

    /**
     * @param pause between looks: however often a file is written, it is told this often
     * @param idle between calls that ask to look at everything
     */
    DirectoryWatch(Path directory, Duration pause, Duration idle, Listener listener)
            throws IOException {
        this.service = directory.getFileSystem().newWatchService();
        this.pause = pause;
        this.idle = idle;
        this.listener = listener;
        directory.register(
                service,
                StandardWatchEventKinds.ENTRY_CREATE,
                StandardWatchEventKinds.ENTRY_MODIFY);
        Thread.ofVirtual().name("watch " + directory.getFileName()).start(this::loop);
    }

    private void loop() {
        long looked = System.nanoTime();
        try {
            while (!closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                WatchKey key = service.poll(idle.toMillis(), TimeUnit.MILLISECONDS);
                boolean all = System.nanoTime() - looked >= idle.toNanos();
                if (key != null) {
                    all |= tell(key);
                }
                if (all) {
                    looked = System.nanoTime();
                    attempt(listener::lookAtAll);
                }
            }
        } catch (ClosedWatchServiceException | InterruptedException e) {
            // Closed: nothing is left to do.
        }
    }

    /** Tells every file once; gives whether some were lost. */
    private boolean tell(WatchKey key) {
        Set<String> files = new LinkedHashSet<>();
        boolean lost = false;
        for (WatchEvent<?> event : key.pollEvents()) {
            if (event.context() instanceof Path file) {
                files.add(file.toString());
            } else {
                lost = true;
            }
        }
        key.reset();
        for (String file : files) {
            attempt(() -> listener.written(file));
        }
        return lost;
    }

    private interface Step {
        void run() throws IOException;
    }

    /** One file's trouble must not end the watching of all others. */
    private static void attempt(Step step) {
        try {
            step.run();
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.WARNING, "could not look at a container's files", e);
        }
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            service.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "could not close a watch", e);
        }
    }
}
