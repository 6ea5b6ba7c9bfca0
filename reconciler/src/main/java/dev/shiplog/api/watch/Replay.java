package dev.shiplog.api.watch;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Status;
import dev.shiplog.event.Recorded;
import dev.shiplog.ledger.History;
import dev.shiplog.resource.Position;
import dev.shiplog.state.ClusterState;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The changes that the log tells of, one event after another, from a past state on. */
final class Replay {
    private static final int BATCH = 512;

    /** Who is further behind lists anew, which costs less. */
    private static final long MAX_EVENTS = 100_000;

    private final History history;
    private ClusterState state;

    /**
     * @throws ApiFailure 410 if that is too far back
     */
    Replay(History history, ClusterState from) {
        this.history = history;
        this.state = from;
        long behind = history.head().value() - from.position().value();
        if (behind > MAX_EVENTS) {
            throw new ApiFailure(
                    Status.expired(
                            "too old resource version: "
                                    + from.position()
                                    + " is "
                                    + behind
                                    + " events back, more than "
                                    + MAX_EVENTS));
        }
    }

    Position position() {
        return state.position();
    }

    /** The changes of the next few events, up to a position at most. */
    List<Change> next(Position last) {
        List<Change> changes = new ArrayList<>();
        List<Recorded> events = history.read(state.position(), Optional.empty(), BATCH);
        if (events.isEmpty()) {
            throw new ApiFailure(
                    Status.expired("the log ends at " + state.position() + ", before " + last));
        }
        for (Recorded event : events) {
            if (event.position().isAfter(last)) {
                break;
            }
            ClusterState after = state.evolve(List.of(event));
            changes.addAll(Changes.between(state, after, List.of(event)));
            state = after;
        }
        return changes;
    }
}
