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

    /** Whoever was heard so recently is there: a stream says every five seconds that it lives. */
    private static final Duration FRESH = Duration.ofSeconds(6);

    private static final Logger LOG = LoggerFactory.getLogger(Reachability.class);

    private final String node;
    private final String server;
    private final ReentrantLock lock = new ReentrantLock();
    private boolean lost;
    private long heard = System.nanoTime();
    private long told;

    Reachability(String node, String server) {
        this.node = node;
        this.server = server;
    }

    /** Something came from it, be it a refusal. */
    void answered() {
        lock.lock();
        try {
            long before = heard;
            heard = System.nanoTime();
            if (lost) {
                LOG.info(
                        "node {}: the control plane at {} answers again, after {} s",
                        node,
                        server,
                        Duration.ofNanos(heard - before).toSeconds());
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
            if (now - heard < FRESH.toNanos()) {
                // It answers others: one stream has broken, no more.
                return;
            }
            if (!lost) {
                lost = true;
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
                        Duration.ofNanos(now - heard).toSeconds(),
                        why);
            }
        } finally {
            lock.unlock();
        }
    }
}
