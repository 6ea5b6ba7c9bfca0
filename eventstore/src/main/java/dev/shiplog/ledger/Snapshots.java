package dev.shiplog.ledger;

import dev.shiplog.journal.HashChain;
import dev.shiplog.journal.Journal;
import dev.shiplog.journal.Snapshot;
import dev.shiplog.resource.Position;
import dev.shiplog.state.ClusterState;
import dev.shiplog.state.StateCodec;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Arrays;
import java.util.Optional;

/**
 * Snapshots of the cluster. A snapshot saves time and nothing else: one that is bad is not used.
 */
final class Snapshots {
    static final String NAME = "cluster";

    private static final Logger log = LoggerFactory.getLogger(Snapshots.class);

    private final Journal journal;

    Snapshots(Journal journal) {
        this.journal = journal;
    }

    /** The newest snapshot at or before a position that can be used; else the empty state. */
    ClusterState newest(Position atOrBefore) {
        Position limit = atOrBefore;
        while (true) {
            Optional<Snapshot> found = journal.snapshot(NAME, StateCodec.FORMAT, limit);
            if (found.isEmpty()) {
                return ClusterState.EMPTY;
            }
            Optional<ClusterState> state = decoded(found.get());
            if (state.isPresent()) {
                return state.get();
            }
            limit = new Position(found.get().position().value() - 1);
        }
    }

    private Optional<ClusterState> decoded(Snapshot snapshot) {
        try {
            if (!Arrays.equals(snapshot.stateHash(), HashChain.sha256(snapshot.document()))) {
                throw new IllegalArgumentException("its hash is not that of its document");
            }
            ClusterState state = StateCodec.decode(snapshot.document());
            if (!state.position().equals(snapshot.position())) {
                throw new IllegalArgumentException("it holds position " + state.position());
            }
            return Optional.of(state);
        } catch (IllegalArgumentException e) {
            log.warn(
                    "The snapshot at position {} in {} is damaged and will not be used: {}",
                    snapshot.position(),
                    journal.location(),
                    e.getMessage());
            return Optional.empty();
        }
    }

    void save(ClusterState state) {
        byte[] document = StateCodec.encode(state);
        journal.save(
                new Snapshot(
                        NAME,
                        StateCodec.FORMAT,
                        state.position(),
                        HashChain.sha256(document),
                        document));
    }
}
