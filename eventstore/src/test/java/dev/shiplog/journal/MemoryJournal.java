package dev.shiplog.journal;

import dev.shiplog.resource.Position;

import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A journal in memory, for tests: nothing outlives it. Passes the journal contract. */
public final class MemoryJournal implements Journal {
    private final List<StoredEvent> events = new ArrayList<>();
    private final List<Snapshot> snapshots = new ArrayList<>();
    private final List<Subscriber> subscribers = new CopyOnWriteArrayList<>();
    private boolean closed;

    @Override
    public synchronized Position head() {
        return new Position(events.size());
    }

    @Override
    public synchronized byte[] headHash() {
        return events.isEmpty() ? HashChain.origin() : events.getLast().hash().clone();
    }

    @Override
    public synchronized CompletableFuture<List<StoredEvent>> append(
            List<NewEvent> added, AppendCondition condition) {
        if (added.isEmpty()) {
            throw new IllegalArgumentException("expected at least one event, found none");
        }
        for (int i = 0; i < added.size(); i++) {
            if (added.get(i).origin().cause() instanceof Cause.Sibling(int sibling)
                    && (sibling < 0 || sibling >= i)) {
                throw new IllegalArgumentException("expected an earlier sibling, found " + sibling);
            }
        }
        if (closed) {
            return CompletableFuture.failedFuture(new IllegalStateException("closed"));
        }
        for (StoredEvent event : read(condition.after(), Integer.MAX_VALUE)) {
            if (event.event().tags().stream().anyMatch(condition.tags()::contains)) {
                return CompletableFuture.failedFuture(
                        new AppendConflict(condition, event.position()));
            }
        }
        Position first = head().next();
        List<StoredEvent> stored = new ArrayList<>();
        for (NewEvent event : added) {
            NewEvent resolved = resolved(event, first);
            Position position = head().next();
            byte[] hash = HashChain.next(headHash(), position, resolved);
            events.add(new StoredEvent(position, resolved, hash));
            stored.add(events.getLast());
        }
        notifyAll();
        return CompletableFuture.completedFuture(List.copyOf(stored));
    }

    private static NewEvent resolved(NewEvent event, Position first) {
        Origin origin =
                event.origin().cause() instanceof Cause.Sibling(int index)
                        ? event.origin().withCause(new Cause.At(first.plus(index)))
                        : event.origin();
        return new NewEvent(
                event.id(),
                event.type(),
                event.version(),
                event.time().truncatedTo(ChronoUnit.MICROS),
                origin,
                event.tags(),
                event.payload());
    }

    @Override
    public synchronized List<StoredEvent> read(Position after, int limit) {
        int from = (int) Math.min(after.value(), events.size());
        int to = (int) Math.min((long) from + limit, events.size());
        return List.copyOf(events.subList(from, to));
    }

    @Override
    public synchronized List<StoredEvent> read(Position after, List<Tag> tags, int limit) {
        return read(after, Integer.MAX_VALUE).stream()
                .filter(event -> event.event().tags().stream().anyMatch(tags::contains))
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized Subscription subscribe(
            Supplier<Position> at, Consumer<List<StoredEvent>> batch) {
        Subscriber subscriber = new Subscriber(at, batch);
        subscribers.add(subscriber);
        subscriber.thread.start();
        return subscriber;
    }

    @Override
    public synchronized void save(Snapshot snapshot) {
        snapshots.add(snapshot);
    }

    @Override
    public synchronized Optional<Snapshot> snapshot(String name, int format, Position atOrBefore) {
        Optional<Snapshot> newest = Optional.empty();
        for (Snapshot snapshot : snapshots) {
            if (snapshot.name().equals(name)
                    && snapshot.format() == format
                    && !snapshot.position().isAfter(atOrBefore)
                    && newest.stream().noneMatch(n -> n.position().isAfter(snapshot.position()))) {
                newest = Optional.of(snapshot);
            }
        }
        return newest;
    }

    @Override
    public void whenStopped(Consumer<JournalFailure> listener) {
        // Memory does not fail.
    }

    @Override
    public String location() {
        return "memory";
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        subscribers.forEach(Subscriber::close);
    }

    private final class Subscriber implements Subscription {
        private final Consumer<List<StoredEvent>> consumer;
        private final Thread thread = Thread.ofVirtual().unstarted(this::run);
        private final Supplier<Position> at;
        private Position position;
        private boolean ended;

        Subscriber(Supplier<Position> at, Consumer<List<StoredEvent>> consumer) {
            this.at = at;
            this.position = at.get();
            this.consumer = consumer;
        }

        private void run() {
            try {
                while (true) {
                    List<StoredEvent> batch = next();
                    if (batch.isEmpty()) {
                        return;
                    }
                    position = batch.getLast().position();
                    consumer.accept(batch);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private List<StoredEvent> next() throws InterruptedException {
            synchronized (MemoryJournal.this) {
                while (!ended && !head().isAfter(reached())) {
                    MemoryJournal.this.wait();
                }
                position = reached();
                return ended ? List.of() : read(position, 100);
            }
        }

        private Position reached() {
            Position own = at.get();
            return own.isAfter(position) ? own : position;
        }

        @Override
        public void close() {
            synchronized (MemoryJournal.this) {
                ended = true;
                subscribers.remove(this);
                MemoryJournal.this.notifyAll();
            }
            if (Thread.currentThread() != thread) {
                try {
                    thread.join(java.time.Duration.ofSeconds(30));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }
}
