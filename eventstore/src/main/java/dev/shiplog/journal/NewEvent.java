package dev.shiplog.journal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * An event on its way into the log.
 *
 * @param id unique for ever; a UUID as text
 * @param type the name of the event's record, such as {@code PodBound}
 * @param version the version of the payload's shape, from 1
 * @param time when it was decided; microseconds count, finer digits are dropped by the engine
 * @param origin who and why
 * @param tags what it is about, and its further causes; no duplicates. Given without those, they
 *     are added; read with them, the origin has them too
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
        FurtherCauses told = FurtherCauses.in(tags);
        if (told.isEmpty() && !origin.further().isEmpty()) {
            List<Tag> all = new ArrayList<>(tags);
            all.addAll(origin.further().tags());
            tags = all;
        } else if (origin.further().isEmpty() && !told.isEmpty()) {
            origin = origin.with(told);
        } else if (!told.equals(origin.further())) {
            throw new IllegalArgumentException(
                    "expected the same causes in the tags as in the origin, found "
                            + told
                            + " and "
                            + origin.further());
        }
        tags = List.copyOf(tags);
    }
}
