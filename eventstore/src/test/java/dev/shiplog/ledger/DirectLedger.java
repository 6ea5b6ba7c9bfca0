package dev.shiplog.ledger;

import dev.shiplog.command.Command;
import dev.shiplog.decide.CountingIds;
import dev.shiplog.decide.Decider;
import dev.shiplog.decide.Decision;
import dev.shiplog.decide.Ids;
import dev.shiplog.event.Recorded;
import dev.shiplog.event.Tags;
import dev.shiplog.journal.Cause;
import dev.shiplog.journal.Origin;
import dev.shiplog.journal.Tag;
import dev.shiplog.resource.Position;
import dev.shiplog.state.ClusterState;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * A ledger in memory, in the caller's thread: nothing is durable, everything is deterministic.
 * Passes the ledger contract beside the real one.
 */
public final class DirectLedger implements Ledger {
    private final Supplier<Instant> clock;
    private final Ids ids;
    private final List<Recorded> log = new ArrayList<>();
    private final Origins origins = new Origins(this);
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final Deque<Runnable> calls = new ArrayDeque<>();
    private boolean calling;
    private ClusterState state = ClusterState.EMPTY;

    public DirectLedger(Supplier<Instant> clock) {
        this(clock, new CountingIds());
    }

    public DirectLedger(Supplier<Instant> clock, Ids ids) {
        this.clock = clock;
        this.ids = ids;
    }

    @Override
    public synchronized ClusterState state() {
        return state;
    }

    @Override
    public CompletableFuture<Outcome> submit(Command command, Origin origin) {
        Outcome outcome;
        synchronized (this) {
            outcome =
                    switch (Decider.decide(state, command, clock.get(), ids)) {
                        case Decision.Refused(var reason, var message) ->
                                new Outcome.Refused(reason, message);
                        case Decision.Accepted(var proposed) -> record(proposed, origin);
                    };
        }
        drain();
        return CompletableFuture.completedFuture(outcome);
    }

    private Outcome record(List<Decision.Proposed> proposed, Origin origin) {
        Position first = state.position().next();
        List<Recorded> events = new ArrayList<>();
        List<Origin> each = origins.each(proposed, origin);
        for (int i = 0; i < each.size(); i++) {
            Origin its =
                    each.get(i).cause() instanceof Cause.Sibling(int index)
                            ? each.get(i).withCause(new Cause.At(first.plus(index)))
                            : each.get(i);
            events.add(new Recorded(first.plus(i), clock.get(), its, proposed.get(i).event()));
        }
        state = state.evolve(events);
        log.addAll(events);
        ClusterState after = state;
        for (Listener listener : listeners) {
            calls.add(() -> listener.changed(after, List.copyOf(events)));
        }
        return new Outcome.Applied(events);
    }

    /** Listeners that submit commands are not called from within themselves. */
    private void drain() {
        synchronized (this) {
            if (calling) {
                return;
            }
            calling = true;
        }
        while (true) {
            Runnable call;
            synchronized (this) {
                call = calls.poll();
                if (call == null) {
                    calling = false;
                    return;
                }
            }
            call.run();
        }
    }

    @Override
    public Subscription subscribe(Position after, Listener listener) {
        synchronized (this) {
            List<Recorded> missed = read(after, Optional.empty(), Integer.MAX_VALUE);
            ClusterState now = state;
            if (!missed.isEmpty()) {
                calls.add(() -> listener.changed(now, missed));
            }
            listeners.add(listener);
        }
        drain();
        return () -> listeners.remove(listener);
    }

    @Override
    public synchronized Position head() {
        return state.position();
    }

    @Override
    public synchronized ClusterState stateAt(Position position) {
        if (position.isAfter(state.position())) {
            throw new IllegalArgumentException(
                    "expected a position up to " + state.position() + ", found " + position);
        }
        return ClusterState.EMPTY.evolve(log.subList(0, (int) position.value()));
    }

    @Override
    public synchronized List<Recorded> read(Position after, Optional<Tag> tag, int limit) {
        return log.stream()
                .filter(event -> event.position().isAfter(after))
                .filter(event -> tag.isEmpty() || Tags.of(event.event()).contains(tag.get()))
                .limit(limit)
                .toList();
    }

    @Override
    public void close() {
        listeners.clear();
    }
}
