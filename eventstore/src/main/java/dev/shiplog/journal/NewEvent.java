package dev.shiplog.journal;

import java.time.Instant;
import java.util.List;

/**
 * An event on its way into the log.
 *
 * @param id unique for ever; a UUID as text
 * @param type the name of the event's record, such as {@code PodBound}
 * @param version the version of the payload's shape, from 1
 * @param time when it was decided; microseconds count, finer digits are dropped by the engine
 * @param origin who and why
 * @param tags what it is about; no duplicates
 * @param payload canonical JSON, UTF-8; handed over, never written to again
 */
public record NewEvent(
        String id,
        String type,
        int version,
        Instant time,
        Origin origin,
        List<Tag> tags,
        byte[] payload) {
    public NewEvent {
        tags = List.copyOf(tags);
    }
}
