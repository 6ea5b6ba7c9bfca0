package dev.shiplog.node.worker;

import dev.shiplog.node.link.ControlPlane.Order;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * What a pod's worker has still to hear of: orders, each once, and whether somebody hinted that
 * something happened. The newest wish wins, but those before it are kept, because each is
 * acknowledged; a pod has few: one to run, and one to stop for each shorter grace period.
 */
final class Mailbox {
    /** Nobody waits longer than this without looking whether there is mail. */
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Order> orders = new ArrayList<>();
    private boolean hint;
    private boolean closed;

    /** Puts an order in, unless the worker is gone. */
    boolean put(Order order) {
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            if (orders.stream().noneMatch(known -> known.id().equals(order.id()))) {
                orders.add(order);
            }
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

    /** Something that {@link #awaitStopOr} waits for may hold now. */
    void wake() {
        lock.lock();
        try {
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
            while (left > 0 && orders.isEmpty() && !hint && !closed) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for what {@link #wake} announces, or for a reason to give up waiting for it: an order
     * to stop, or the end. Whether there is such a reason.
     */
    boolean awaitStopOr(BooleanSupplier other) throws InterruptedException {
        lock.lock();
        try {
            long left = LONGEST_WAIT.toNanos();
            while (left > 0 && !stopWaits() && !closed && !other.getAsBoolean()) {
                left = changed.awaitNanos(left);
            }
            return stopWaits() || closed;
        } finally {
            lock.unlock();
        }
    }

    private boolean stopWaits() {
        return orders.stream().anyMatch(order -> order instanceof Order.Stop);
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
