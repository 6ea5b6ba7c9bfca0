package dev.shiplog.node.link.remote;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A stream that is begun again whenever it breaks, until it is closed. */
final class Follow implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Follow.class);

    private final Link link;
    private final String what;
    private final Supplier<byte[]> body;
    private final Consumer<byte[]> line;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;

    /**
     * @param body what is posted each time; empty for a GET
     * @param line told of each line, one at a time
     */
    Follow(Link link, String what, Supplier<byte[]> body, Consumer<byte[]> line) {
        this.link = link;
        this.what = what;
        this.body = body;
        this.line = line;
        this.thread = Thread.ofVirtual().name("link-" + what).start(this::work);
    }

    private void work() {
        Retry retry = new Retry(link.times());
        try {
            while (closed.getCount() > 0) {
                Duration wait = once(retry);
                boolean _ = closed.await(wait.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private Duration once(Retry retry) throws InterruptedException {
        try {
            link.stream(what, body.get(), retry::succeeded, line);
            return Duration.ZERO;
        } catch (IOException | RuntimeException e) {
            Duration wait = retry.failed();
            if (closed.getCount() > 0) {
                LOG.warn(
                        "node {}: {}: {}; again in {} ms",
                        link.node(),
                        what,
                        e.getMessage() == null ? e.toString() : e.getMessage(),
                        wait.toMillis());
            }
            return wait;
        }
    }

    @Override
    public void close() {
        closed.countDown();
        thread.interrupt();
    }
}
