package dev.shiplog.decide;

import dev.shiplog.event.Event;
import dev.shiplog.journal.Cause;

import java.util.List;

/** What becomes of a command. */
public sealed interface Decision {
    /** It holds: these events follow, in one append. Never empty. */
    record Accepted(List<Proposed> events) implements Decision {
        public Accepted {
            events = List.copyOf(events);
            if (events.isEmpty()) {
                throw new IllegalArgumentException(
                        "expected at least one event, found none: refuse instead");
            }
        }
    }

    /**
     * It does not hold, and nothing changes.
     *
     * @param reason what kind of refusal
     * @param message what was expected and what was found
     */
    record Refused(Reason reason, String message) implements Decision {}

    /**
     * An event on its way.
     *
     * @param cause {@link Cause.Sibling} when an event before it in the same decision caused it;
     *     {@link Cause.At} when one in the log did; {@link Cause.None} to take the command's own
     *     cause
     */
    record Proposed(Event event, Cause cause) {}

    /** Why a command is refused. */
    enum Reason {
        /** What it is about does not exist. */
        NOT_FOUND,
        /** What it would make exists already. */
        ALREADY_EXISTS,
        /** It was computed from a state that no longer holds: compute it again. */
        STALE,
        /** It holds already; there is nothing to do. */
        UNCHANGED,
        /** It is not a legal wish. */
        INVALID,
        /** It is legal, but a guard forbids it. */
        FORBIDDEN
    }
}
