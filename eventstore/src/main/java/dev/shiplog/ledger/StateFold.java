package dev.shiplog.ledger;

import dev.shiplog.event.EventCodec;
import dev.shiplog.event.Recorded;
import dev.shiplog.journal.Journal;
import dev.shiplog.journal.StoredEvent;
import dev.shiplog.resource.Position;
import dev.shiplog.state.ClusterState;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The newest state of a journal: folds what becomes durable, in order, and tells who waits and who
 * listens. Whoever made it durable does so, or asks for its position, because waiting for another
 * thread costs more than folding; a subscription does the rest.
 *
 * <p>Invariant: a future of {@link #reached} completes, and a listener is called, after {@link
 * #state} shows the position.
 */
public final class StateFold implements AutoCloseable {
    /** A snapshot is kept whenever this many events came after the last one. */
    static final int SNAPSHOT_EVENTS = 20_000;

    /** How far behind the state may be for who asks to fold it up himself, in events. */
    static final int MAX_HELP_EVENTS = 1_000;

    private static final Logger log = LoggerFactory.getLogger(StateFold.class);

    private final Journal journal;
    private final EventCodec codec;
    private final Snapshots snapshots;
    private final JournalHistory history;
    private final CopyOnWriteArraySet<Follower> followers = new CopyOnWriteArraySet<>();
    private final PriorityQueue<Waiter> waiters =
            new PriorityQueue<>(Comparator.comparing(Waiter::position));
    private final AtomicReference<@Nullable Thread> snapshotting = new AtomicReference<>();

    /** Held by whoever folds and tells: revisions come one after the other. */
    private final ReentrantLock folding = new ReentrantLock();

    private volatile ClusterState state;
    private volatile Position lastSnapshot;
    private volatile @Nullable RuntimeException failure;
    private final Journal.Subscription subscription;

    private record Waiter(Position position, CompletableFuture<Void> future) {}

    private StateFold(Journal journal, EventCodec codec) {
        this.journal = journal;
        this.codec = codec;
        this.snapshots = new Snapshots(journal);
        this.history = new JournalHistory(journal, codec);
        this.lastSnapshot = snapshots.newest(journal.head()).position();
        this.state = history.stateAt(journal.head());
        this.subscription = journal.subscribe(this::comeForward, this::fold);
    }

    /** Folds a log up from its newest snapshot, and follows it from then on. */
    public static StateFold open(Journal journal, EventCodec codec) {
        return new StateFold(journal, codec);
    }

    /** The newest revision. Never blocks. */
    public ClusterState state() {
        return state;
    }

    /**
     * Completes once the state includes a position; fails if the log cannot be folded any more.
     * What follows in the same thread must be short: it holds up the fold.
     */
    public CompletableFuture<Void> reached(Position position) {
        help(position);
        synchronized (waiters) {
            if (failure != null) {
                return CompletableFuture.failedFuture(failure);
            }
            if (!position.isAfter(state.position())) {
                return CompletableFuture.completedFuture(null);
            }
            CompletableFuture<Void> future = new CompletableFuture<>();
            waiters.add(new Waiter(position, future));
            return future;
        }
    }

    /** As {@link Ledger#subscribe}. */
    public Ledger.Subscription subscribe(Position after, Ledger.Listener listener) {
        Follower follower = new Follower(this::state, history, after, listener);
        followers.add(follower);
        follower.start();
        return () -> {
            followers.remove(follower);
            follower.close();
        };
    }

    /** Folds what is durable here and now, unless somebody is at it; says how far that led. */
    private Position comeForward() {
        help(journal.head());
        return state.position();
    }

    /** Folds up to a durable position here and now, unless somebody is at it. */
    private void help(Position position) {
        long behind = position.value() - state.position().value();
        if (behind <= 0
                || behind > MAX_HELP_EVENTS
                || folding.isHeldByCurrentThread()
                || !folding.tryLock()) {
            return;
        }
        try {
            foldNext(journal.read(state.position(), MAX_HELP_EVENTS));
        } finally {
            folding.unlock();
        }
    }

    private void fold(List<StoredEvent> batch) {
        folding.lock();
        try {
            foldNext(batch);
        } finally {
            folding.unlock();
        }
    }

    private void foldNext(List<StoredEvent> batch) {
        if (failure != null) {
            return;
        }
        Position folded = state.position();
        List<Recorded> events = new ArrayList<>(batch.size());
        try {
            for (StoredEvent event : batch) {
                if (event.position().isAfter(folded)) {
                    events.add(codec.decode(event));
                }
            }
            if (!events.isEmpty()) {
                publish(state.evolve(events), events);
            }
        } catch (RuntimeException e) {
            log.error("The log {} cannot be folded any more", journal.location(), e);
            fail(e);
        }
    }

    private void publish(ClusterState next, List<Recorded> events) {
        List<Waiter> reached = new ArrayList<>();
        synchronized (waiters) {
            state = next;
            while (!waiters.isEmpty() && !waiters.peek().position().isAfter(next.position())) {
                reached.add(waiters.poll());
            }
        }
        reached.forEach(waiter -> waiter.future().complete(null));
        followers.forEach(follower -> follower.offer(next, events));
        if (next.position().value() - lastSnapshot.value() >= SNAPSHOT_EVENTS) {
            saveInBackground(next);
        }
    }

    private void fail(RuntimeException reason) {
        List<Waiter> all;
        synchronized (waiters) {
            failure = reason;
            all = new ArrayList<>(waiters);
            waiters.clear();
        }
        all.forEach(waiter -> waiter.future().completeExceptionally(reason));
    }

    /** One at a time; the state is a value, so the fold goes on meanwhile. */
    private void saveInBackground(ClusterState revision) {
        Thread thread =
                Thread.ofPlatform()
                        .daemon()
                        .name("snapshot")
                        .unstarted(() -> {
                            try {
                                save(revision);
                            } finally {
                                snapshotting.set(null);
                            }
                        });
        if (snapshotting.compareAndSet(null, thread)) {
            thread.start();
        }
    }

    private void save(ClusterState revision) {
        try {
            snapshots.save(revision);
            lastSnapshot = revision.position();
        } catch (RuntimeException e) {
            // A snapshot saves time only; the failure of the log itself shows elsewhere.
            log.warn("No snapshot could be kept at position {}", revision.position(), e);
        }
    }

    /** Ends the listeners and the fold, and keeps a snapshot. */
    @Override
    public void close() {
        followers.forEach(Follower::close);
        followers.clear();
        subscription.close();
        Thread busy = snapshotting.get();
        if (busy != null) {
            try {
                busy.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        if (state.position().isAfter(lastSnapshot) && failure == null) {
            save(state);
        }
        fail(new IllegalStateException("the ledger is closed"));
    }
}
