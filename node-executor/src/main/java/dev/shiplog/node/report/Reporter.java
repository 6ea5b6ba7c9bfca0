package dev.shiplog.node.report;

import dev.shiplog.command.NodeCommand.PodReport;
import dev.shiplog.command.ResourceCommand.Note;
import dev.shiplog.node.link.ControlPlane;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.Uid;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The way of reports to the control plane. Reports of many pods that come within a few milliseconds
 * travel in one call, so that twenty pods that start at once share an append.
 *
 * <p>Invariants: of each pod only the newest report is kept, so a report waits for the control
 * plane as long as it must and costs one entry; nothing that was given is forgotten except the
 * oldest notes beyond {@link #MOST_NOTES}. A failed call is tried again.
 */
public final class Reporter implements PodReports, AutoCloseable {
    /** How long the first report of a batch waits for others. */
    static final Duration GATHERING = Duration.ofMillis(4);

    /** Reports in one call at most, in pods. */
    static final int MOST_PODS = 500;

    /** Notes that wait at most. They are for people; a state is never dropped. */
    static final int MOST_NOTES = 10_000;

    /** Waits between tries while the control plane does not answer: first and longest. */
    static final Duration FIRST_RETRY = Duration.ofMillis(100);

    static final Duration LONGEST_RETRY = Duration.ofSeconds(5);

    /** How long {@link #close()} waits for the last reports to be taken. */
    static final Duration LAST_CALL = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(Reporter.class);

    private final NodeName node;
    private final ControlPlane controlPlane;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Uid, PodReport> pods = new LinkedHashMap<>();
    private final List<Position> acknowledged = new ArrayList<>();
    private final Deque<Note> notes = new ArrayDeque<>();
    private final Thread thread;
    private boolean closing;
    private Duration retry = Duration.ZERO;

    public Reporter(NodeName node, ControlPlane controlPlane) {
        this.node = node;
        this.controlPlane = controlPlane;
        this.thread = Thread.ofVirtual().name("reporter-" + node).start(this::work);
    }

    @Override
    public void report(PodReport report, List<Position> orders, List<Note> newNotes) {
        lock.lock();
        try {
            pods.put(report.uid(), report);
            add(orders, newNotes);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void tell(List<Position> orders, List<Note> newNotes) {
        lock.lock();
        try {
            add(orders, newNotes);
        } finally {
            lock.unlock();
        }
    }

    private void add(List<Position> orders, List<Note> newNotes) {
        acknowledged.addAll(orders);
        notes.addAll(newNotes);
        while (notes.size() > MOST_NOTES) {
            notes.removeFirst();
        }
        changed.signalAll();
    }

    private void work() {
        try {
            while (awaitWork()) {
                Batch batch = take();
                if (!batch.isEmpty() && !send(batch)) {
                    giveBack(batch);
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for something to report and a moment for more; false when there is no more to come. */
    private boolean awaitWork() throws InterruptedException {
        lock.lock();
        try {
            while (isEmpty() && !closing) {
                changed.await();
            }
            if (isEmpty()) {
                return false;
            }
            if (closing && !retry.isZero()) {
                return false;
            }
            if (retry.isZero()) {
                await(GATHERING, MOST_PODS);
            } else {
                await(retry, Integer.MAX_VALUE);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void await(Duration duration, int enoughPods) throws InterruptedException {
        long left = duration.toNanos();
        while (left > 0 && !closing && pods.size() < enoughPods) {
            left = changed.awaitNanos(left);
        }
    }

    private boolean isEmpty() {
        return pods.isEmpty() && acknowledged.isEmpty() && notes.isEmpty();
    }

    private record Batch(List<PodReport> pods, List<Position> orders, List<Note> notes) {
        boolean isEmpty() {
            return pods.isEmpty() && orders.isEmpty() && notes.isEmpty();
        }
    }

    private Batch take() {
        lock.lock();
        try {
            List<PodReport> some = new ArrayList<>();
            Iterator<PodReport> waiting = pods.values().iterator();
            while (waiting.hasNext() && some.size() < MOST_PODS) {
                some.add(waiting.next());
                waiting.remove();
            }
            Batch batch = new Batch(some, List.copyOf(acknowledged), List.copyOf(notes));
            acknowledged.clear();
            notes.clear();
            return batch;
        } finally {
            lock.unlock();
        }
    }

    private boolean send(Batch batch) {
        try {
            controlPlane.report(node, batch.pods(), batch.orders(), batch.notes());
            retry = Duration.ZERO;
            return true;
        } catch (RuntimeException e) {
            retry = longer(retry);
            LOG.warn(
                    "{} reports of node {} could not be delivered; trying again in {} ms: {}",
                    batch.pods().size(),
                    node,
                    retry.toMillis(),
                    e.toString());
            return false;
        }
    }

    private static Duration longer(Duration retry) {
        if (retry.isZero()) {
            return FIRST_RETRY;
        }
        Duration twice = retry.multipliedBy(2);
        return twice.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : twice;
    }

    /** What failed goes back in front, except where something newer has come. */
    private void giveBack(Batch batch) {
        lock.lock();
        try {
            batch.pods().forEach(report -> pods.putIfAbsent(report.uid(), report));
            acknowledged.addAll(0, batch.orders());
            for (int i = batch.notes().size() - 1; i >= 0; i--) {
                notes.addFirst(batch.notes().get(i));
            }
            while (notes.size() > MOST_NOTES) {
                notes.removeFirst();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Delivers what waits, if the control plane answers, and ends. */
    @Override
    public void close() {
        lock.lock();
        try {
            closing = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            if (!thread.join(LAST_CALL)) {
                thread.interrupt();
            }
        } catch (InterruptedException _) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
    }
}
