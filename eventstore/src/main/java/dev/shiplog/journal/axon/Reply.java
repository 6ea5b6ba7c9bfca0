package dev.shiplog.journal.axon;

import dev.shiplog.decide.Decision;
import dev.shiplog.event.Recorded;
import dev.shiplog.journal.Cause;
import dev.shiplog.journal.Origin;
import dev.shiplog.resource.Position;

import org.axonframework.eventsourcing.eventstore.EventStoreTransaction;
import org.axonframework.eventsourcing.eventstore.GlobalIndexConsistencyMarker;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What the command handler answers. */
sealed interface Reply {
    record Refused(Decision.Refused refusal) implements Reply {}

    /** The log goes on beyond the state that there was to decide on. */
    record Behind(Position newest) implements Reply {}

    /** Events were published in the unit of work; they are in the log once it has committed. */
    record Published(
            EventStoreTransaction transaction,
            List<Decision.Proposed> proposed,
            Instant time,
            Origin origin)
            implements Reply {

        /** The events in their places; to be asked for after the commit only. */
        List<Recorded> recorded() {
            long last = GlobalIndexConsistencyMarker.position(transaction.appendPosition());
            Position first = new Position(last - proposed.size() + 1);
            List<Recorded> events = new ArrayList<>(proposed.size());
            for (Decision.Proposed one : proposed) {
                Origin resolved = origin.withCause(resolved(one.cause(), first));
                events.add(new Recorded(first.plus(events.size()), time, resolved, one.event()));
            }
            return events;
        }

        private Cause resolved(Cause cause, Position first) {
            return switch (cause) {
                case Cause.Sibling(int index) -> new Cause.At(first.plus(index));
                case Cause.None _ -> origin.cause();
                case Cause.At at -> at;
            };
        }
    }
}
