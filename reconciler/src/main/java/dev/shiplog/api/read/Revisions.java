package dev.shiplog.api.read;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Status;
import dev.shiplog.journal.JournalFailure;
import dev.shiplog.ledger.Ledger;
import dev.shiplog.resource.Position;
import dev.shiplog.state.ClusterState;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The states that reads look at: the newest one, and past ones for paged and exact lists. Those
 * that a page was cut from lately are kept; they share with the newest what did not change.
 */
public final class Revisions {
    private static final int KEPT = 16;

    private final Ledger ledger;
    private final Map<Position, ClusterState> kept =
            new LinkedHashMap<>(KEPT, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Position, ClusterState> eldest) {
                    return size() > KEPT;
                }
            };

    public Revisions(Ledger ledger) {
        this.ledger = ledger;
    }

    public ClusterState newest() {
        return ledger.state();
    }

    /**
     * The newest state, which must not be older than a position.
     *
     * @throws ApiFailure 504 if it is, as Kubernetes answers
     */
    public ClusterState notOlderThan(Position position) {
        ClusterState state = ledger.state();
        if (position.isAfter(state.position())) {
            throw new ApiFailure(
                    Status.of(
                            504,
                            "Timeout",
                            "Too large resource version: "
                                    + position
                                    + ", current: "
                                    + state.position()));
        }
        return state;
    }

    /**
     * The state at exactly a position.
     *
     * @throws ApiFailure 504 if the log does not reach it, 410 if it cannot be read any more
     */
    public ClusterState at(Position position) {
        ClusterState newest = notOlderThan(position);
        if (newest.position().equals(position)) {
            return newest;
        }
        synchronized (kept) {
            ClusterState state = kept.get(position);
            if (state != null) {
                return state;
            }
        }
        try {
            ClusterState state = ledger.stateAt(position);
            keep(state);
            return state;
        } catch (IllegalArgumentException | JournalFailure e) {
            throw new ApiFailure(
                    Status.expired(
                            "The resource version "
                                    + position
                                    + " is not available: "
                                    + e.getMessage()),
                    e);
        }
    }

    /** Keeps a state for the pages that will be cut from it. */
    void keep(ClusterState state) {
        synchronized (kept) {
            kept.put(state.position(), state);
        }
    }
}
