package dev.shiplog.journal;

import dev.shiplog.resource.Position;

import java.util.List;

/**
 * What must hold for an append to be made: no event after {@code after} carries any of {@code
 * tags}. With no tags, the append is unconditional. (A dynamic consistency boundary: the caller
 * decided on what it saw up to {@code after}, and the tags name what it looked at.)
 */
public record AppendCondition(Position after, List<Tag> tags) {
    public AppendCondition {
        tags = List.copyOf(tags);
    }

    public static AppendCondition none() {
        return new AppendCondition(Position.ORIGIN, List.of());
    }
}
