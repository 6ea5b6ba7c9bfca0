package dev.shiplog.journal;

import dev.shiplog.resource.Position;

import java.time.Instant;
import java.util.List;

/**
 * Some events in a row as an engine keeps them, for whoever checks and folds many: cheap to get,
 * and taken apart by whichever thread has the time.
 */
public interface EventPage {
    /** Events that were read one by one. */
    static EventPage of(List<StoredEvent> events, String location) {
        return new ReadPage(List.copyOf(events), location);
    }

    /** How many events there are. */
    int size();

    /** How much they take, in bytes. */
    long bytes();

    /** Where the last of them says that it stands; only for a page that is not empty. */
    Position last();

    /** The hash of the last of them; only for a page that is not empty. */
    byte[] lastHash();

    /**
     * Takes the events apart and checks that each stands right after the one before and that its
     * hash follows from it.
     *
     * @param after where the event before the first one stands
     * @param previous its hash
     * @param take what becomes of each, in order
     * @throws JournalFailure if a position is missing or a hash does not follow; the message names
     *     the position
     */
    <T> List<T> check(Position after, byte[] previous, Taking<T> take);

    /** What becomes of an event that was checked. */
    interface Taking<T> {
        /**
         * @param type as in {@link NewEvent}, like what follows
         * @param payload handed over
         */
        T event(
                Position position,
                String type,
                int version,
                Instant time,
                Origin origin,
                byte[] payload);
    }
}
