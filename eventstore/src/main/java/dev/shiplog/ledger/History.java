package dev.shiplog.ledger;

import dev.shiplog.event.Recorded;
import dev.shiplog.journal.Tag;
import dev.shiplog.resource.Position;
import dev.shiplog.state.ClusterState;

import java.util.List;
import java.util.Optional;

/**
 * The past of a cluster, for reading: what auditors and watchers ask. Needs no running control
 * plane.
 */
public interface History {
    /** The position of the last durable event. */
    Position head();

    /**
     * Events after a position, oldest first, at most {@code limit}, and fewer where they are large;
     * only those about a tag if one is given. Only an empty list means that there are no more.
     */
    List<Recorded> read(Position after, Optional<Tag> tag, int limit);

    /**
     * The state as it was at a position; from a snapshot and the events after it.
     *
     * @throws IllegalArgumentException if the log does not reach the position yet
     */
    ClusterState stateAt(Position position);
}
