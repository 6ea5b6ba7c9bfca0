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

    /** What was wrong last; only its own thread's. */
    private String told = "";

    /**
     * @param body what is posted each time; empty for a GET
     * @param line told of each line, one at a time
     */
    Follow(Link link, String what, Supplier<byte[]> body, Consumer<byte[]> line) {
        this.link = link;
        this.what = what;
        this.body = body;
        this.line = line;
        this.thread = Thread.ofVirtual().name("link-" + name()).start(this::work);
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
            told = "";
        } catch (IOException e) {
            if (closed.getCount() > 0) {
                link.reachability().failed(what, e);
            }
        } catch (RuntimeException e) {
            tell(e);
        }
        // Also after an end in order: a control plane that ends every stream is not asked at once.
        return retry.failed();
    }

    /** Says what is wrong, once for each thing that is wrong. */
    private void tell(RuntimeException failure) {
        String why = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        if (closed.getCount() > 0 && !why.equals(told)) {
            told = why;
            LOG.warn("node {}: {}: {}; it is tried again", link.node(), name(), why);
        }
    }

    /** What it is called towards people: the path without its query. */
    private String name() {
        int query = what.indexOf('?');
        return query < 0 ? what : what.substring(0, query);
    }

    @Override
    public void close() {
        closed.countDown();
        thread.interrupt();
    }
}
