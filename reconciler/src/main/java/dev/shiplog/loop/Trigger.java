package dev.shiplog.loop;

import dev.shiplog.event.Event;
import dev.shiplog.event.NodeEvent;
import dev.shiplog.event.Recorded;
import dev.shiplog.event.ResourceEvent;
import dev.shiplog.journal.Origin;
import dev.shiplog.resource.Position;

/**
 * The event that woke a resource: the cause of what its controller then asks for.
 *
 * @param position where it stands
 * @param origin what it inherits: correlation and commit
 * @param decisive whether it changed what is wished, rather than only what is observed
 */
record Trigger(Position position, Origin origin, boolean decisive) {
    static Trigger of(Recorded event) {
        return new Trigger(event.position(), event.origin(), decisive(event.event()));
    }

    private static boolean decisive(Event event) {
        return switch (event) {
            case ResourceEvent.StatusChanged _, ResourceEvent.Noted _ -> false;
            case NodeEvent.PodReported _, NodeEvent.WorkAcknowledged _, NodeEvent.WorkOrdered _ ->
                    false;
            default -> true;
        };
    }

    /** Of two, the one that explains more: a decisive one, or else the later one. */
    Trigger or(Trigger other) {
        if (decisive != other.decisive) {
            return decisive ? this : other;
        }
        return other.position.isAfter(position) ? other : this;
    }

    /** What follows from it. */
    Origin followedBy(String actor) {
        return origin.followedBy(actor, position);
    }
}
