package dev.shiplog.node.link.remote;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Whether the control plane answers. Many tries fail while it does not; a person is told once, then
 * now and then, and when it is over.
 */
final class Reachability {
    /** How often it is said again that nothing answers. */
    private static final Duration REMINDER = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(Reachability.class);

    private final String node;
    private final String server;
    private final ReentrantLock lock = new ReentrantLock();
    private boolean lost;
    private long since;
    private long told;

    Reachability(String node, String server) {
        this.node = node;
        this.server = server;
    }

    /** Something came from it, be it a refusal. */
    void answered() {
        lock.lock();
        try {
            if (lost) {
                LOG.info(
                        "node {}: the control plane at {} answers again, after {} s",
                        node,
                        server,
                        Duration.ofNanos(System.nanoTime() - since).toSeconds());
            }
            lost = false;
        } finally {
            lock.unlock();
        }
    }

    /** Nothing came. */
    void failed(String what, Exception failure) {
        String why = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        LOG.debug("node {}: {}: {}", node, what, why, failure);
        lock.lock();
        try {
            long now = System.nanoTime();
            if (!lost) {
                lost = true;
                since = now;
                told = now;
                LOG.warn(
                        "node {}: the control plane at {} does not answer ({}); pods go on, and it"
                                + " is tried again",
                        node,
                        server,
                        why);
            } else if (now - told > REMINDER.toNanos()) {
                told = now;
                LOG.warn(
                        "node {}: the control plane at {} has not answered for {} s ({})",
                        node,
                        server,
                        Duration.ofNanos(now - since).toSeconds(),
                        why);
            }
        } finally {
            lock.unlock();
        }
    }
}
