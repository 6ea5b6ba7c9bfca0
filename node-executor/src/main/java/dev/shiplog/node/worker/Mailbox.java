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
 * What a pod's worker has still to hear of: at most one order to run and one to stop (the newest of
 * each; both are kept so that both are acknowledged), and whether somebody hinted that something
 * happened.
 */
final class Mailbox {
    /** Nobody waits longer than this without looking whether there is mail. */
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private Optional<Order> run = Optional.empty();
    private Optional<Order> stop = Optional.empty();
    private boolean hint;
    private boolean closed;

    /** Puts an order in, unless the worker is gone. */
    boolean put(Order order) {
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            switch (order) {
                case Order.Run _ -> run = Optional.of(order);
                case Order.Stop _ -> stop = Optional.of(order);
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

    /** What has come, the order to stop last. */
    List<Order> take() {
        lock.lock();
        try {
            List<Order> orders = new ArrayList<>();
            run.ifPresent(orders::add);
            stop.ifPresent(orders::add);
            run = Optional.empty();
            stop = Optional.empty();
            return orders;
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
            while (left > 0 && run.isEmpty() && stop.isEmpty() && !hint && !closed) {
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
            while (left > 0 && stop.isEmpty() && !closed && !other.getAsBoolean()) {
                left = changed.awaitNanos(left);
            }
            return stop.isPresent() || closed;
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
            closed |= run.isEmpty() && stop.isEmpty();
            return closed;
        } finally {
            lock.unlock();
        }
    }
}
