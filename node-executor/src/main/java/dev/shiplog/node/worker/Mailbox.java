package dev.shiplog.node.worker;

import dev.shiplog.node.link.ControlPlane.Order;
import dev.shiplog.node.plan.PodPhase;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What a pod's worker has still to hear of: orders, each once and as it came last, whether somebody
 * hinted that something happened, and whether something that was begun has ended. The newest wish
 * wins, but those before it are kept, because each is acknowledged; a pod has few: one to run, and
 * one to stop for each shorter grace period.
 */
final class Mailbox {
    /** Nobody waits longer than this without looking whether there is mail. */
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Order> orders = new ArrayList<>();
    private Optional<PodPhase> end = Optional.empty();
    private boolean hint;
    private boolean woken;
    private boolean closed;

    /** Puts an order in, unless the worker is gone. */
    boolean put(Order order) {
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            // An order that comes again brings what has changed since of what the pod refers to.
            orders.removeIf(known -> known.id().equals(order.id()));
            orders.add(order);
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    void hint() {
        lock.lock();
        try {
            hint = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The pod must end in this phase. The first that is said holds. */
    void end(PodPhase phase) {
        lock.lock();
        try {
            end = end.or(() -> Optional.of(phase));
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    Optional<PodPhase> takeEnd() {
        lock.lock();
        try {
            Optional<PodPhase> taken = end;
            end = Optional.empty();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** Something that was begun for the pod has ended. */
    void wake() {
        lock.lock();
        try {
            woken = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** What has come, in order. */
    List<Order> take() {
        lock.lock();
        try {
            List<Order> taken = List.copyOf(orders);
            orders.clear();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    boolean takeHint() {
        lock.lock();
        try {
            boolean hinted = hint;
            hint = false;
            return hinted;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for mail, at most so long. */
    void await(Optional<Duration> limit) throws InterruptedException {
        lock.lock();
        try {
            long left = limit.orElse(LONGEST_WAIT).toNanos();
            while (left > 0 && orders.isEmpty() && end.isEmpty() && !hint && !woken && !closed) {
                left = changed.awaitNanos(left);
            }
            woken = false;
        } finally {
            lock.unlock();
        }
    }

    boolean closed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Closes unless an order came meanwhile. */
    boolean closeIfEmpty() {
        lock.lock();
        try {
            closed |= orders.isEmpty();
            return closed;
        } finally {
            lock.unlock();
        }
    }
}
