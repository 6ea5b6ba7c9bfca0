package dev.shiplog.ledger;

import dev.shiplog.event.EventCodec;
import dev.shiplog.event.Recorded;
import dev.shiplog.journal.Journal;
import dev.shiplog.journal.StoredEvent;
import dev.shiplog.journal.Tag;
import dev.shiplog.resource.Position;
import dev.shiplog.state.ClusterState;

import java.util.List;
import java.util.Optional;

/** The past, read from a journal; the journal may be one that another process writes to. */
public final class JournalHistory implements History {
    /** How many events are folded at once. */
    static final int BATCH_EVENTS = 1_000;

    private final Journal journal;
    private final EventCodec codec;
    private final Snapshots snapshots;

    public JournalHistory(Journal journal, EventCodec codec) {
        this.journal = journal;
        this.codec = codec;
        this.snapshots = new Snapshots(journal);
    }

    @Override
    public Position head() {
        return journal.head();
    }

    @Override
    public List<Recorded> read(Position after, Optional<Tag> tag, int limit) {
        List<StoredEvent> events =
                tag.isPresent()
                        ? journal.read(after, List.of(tag.get()), limit)
                        : journal.read(after, limit);
        return events.stream().map(codec::decode).toList();
    }

    @Override
    public ClusterState stateAt(Position position) {
        if (position.isAfter(journal.head())) {
            throw new IllegalArgumentException(
                    "expected a position up to " + journal.head() + ", found " + position);
        }
        ClusterState state = snapshots.newest(position);
        while (position.isAfter(state.position())) {
            long missing = position.value() - state.position().value();
            int limit = (int) Math.min(BATCH_EVENTS, missing);
            List<Recorded> batch = read(state.position(), Optional.empty(), limit);
            if (batch.isEmpty()) {
                throw new IllegalStateException(
                        "expected events after "
                                + state.position()
                                + " in "
                                + journal.location()
                                + ", found none before "
                                + position);
            }
            state = state.evolve(batch);
        }
        return state;
    }
}
