package dev.shiplog.journal;

import dev.shiplog.resource.Position;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The log: an append-only, totally ordered, durable sequence of events. One writer, many readers.
 *
 * <p>Invariants: positions are dense from 1; each event's hash chains to the one before; an append
 * is all or nothing; a completed append survives any crash; readers never see an event before it is
 * durable, and see events in order.
 */
public interface Journal extends AutoCloseable {
    /** The position of the last durable event; {@link Position#ORIGIN} when empty. */
    Position head();

    /** The hash of the last durable event; 32 zero bytes when empty. */
    byte[] headHash();

    /**
     * Appends events as one unit. The future completes once they are durable, with the events as
     * stored; or fails with {@link AppendConflict} (nothing appended; try again) or {@link
     * JournalFailure} (the engine has stopped). Many callers' appends share one fsync.
     *
     * @throws IllegalArgumentException if {@code events} is empty
     */
    CompletableFuture<List<StoredEvent>> append(List<NewEvent> events, AppendCondition condition);

    /**
     * Reads events after a position, oldest first, at most {@code limit} of them, and fewer where
     * they are so large that they would fill the memory. Only an empty list means that there are no
     * more for now. The chain is not checked here; see {@link HashChain}.
     */
    List<StoredEvent> read(Position after, int limit);

    /** As {@link #read(Position, int)}, in the form in which the engine keeps them. */
    default EventPage page(Position after, int limit) {
        return EventPage.of(read(after, limit), location());
    }

    /** As {@link #read(Position, int)}, for events with at least one of the tags. */
    List<StoredEvent> read(Position after, List<Tag> tags, int limit);

    /**
     * Calls {@code batch} with every event after a position, in order, without gaps, first those
     * stored and then each new one once it is durable. Calls come one at a time, from a thread of
     * the engine; a slow subscriber falls behind and catches up from disk, it never blocks the
     * writer nor grows a queue without bound.
     */
    default Subscription subscribe(Position after, Consumer<List<StoredEvent>> batch) {
        return subscribe(() -> after, batch);
    }

    /**
     * As {@link #subscribe(Position, Consumer)}, for who can also come forward by {@link #read}: no
     * thread of the engine wakes for what the subscriber has seen by then, though it may be called
     * with it.
     *
     * @param at how far it has come; asked by whoever has just made something durable, so it may
     *     come forward there and then, but must not block
     */
    Subscription subscribe(Supplier<Position> at, Consumer<List<StoredEvent>> batch);

    /** Keeps a snapshot; engines keep at least the newest two of a name. */
    void save(Snapshot snapshot);

    /** The newest snapshot of a name and format at or before a position. */
    Optional<Snapshot> snapshot(String name, int format, Position atOrBefore);

    /**
     * Calls a listener once if the engine stops because it cannot write any more. Whoever runs on
     * this log should say so and end: nothing will be acknowledged from then on.
     */
    void whenStopped(Consumer<JournalFailure> listener);

    /** Where the log is kept, for people: a file or a URL without credentials. */
    String location();

    @Override
    void close();

    /** Ends a subscription; no call begins after {@link #close()} returns. */
    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }
}
