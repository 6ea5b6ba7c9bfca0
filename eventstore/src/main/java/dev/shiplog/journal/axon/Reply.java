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
            List<Origin> origins)
            implements Reply {

        /** The events in their places; to be asked for after the commit only. */
        List<Recorded> recorded() {
            long last = GlobalIndexConsistencyMarker.position(transaction.appendPosition());
            Position first = new Position(last - proposed.size() + 1);
            List<Recorded> events = new ArrayList<>(proposed.size());
            for (int i = 0; i < proposed.size(); i++) {
                events.add(
                        new Recorded(
                                first.plus(i),
                                time,
                                resolved(origins.get(i), first),
                                proposed.get(i).event()));
            }
            return events;
        }

        private static Origin resolved(Origin origin, Position first) {
            return origin.cause() instanceof Cause.Sibling(int index)
                    ? origin.withCause(new Cause.At(first.plus(index))).with(origin.further())
                    : origin;
        }
    }
}
