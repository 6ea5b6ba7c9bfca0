package dev.shiplog.journal;

import dev.shiplog.resource.Position;

import java.util.ArrayList;
import java.util.List;

/**
 * What led to an event beside its cause: whoever is woken several times before it gets to look acts
 * because of all of them.
 *
 * <p>In the log they are tags of the event ({@code cause=17}), so they are hashed with it, and what
 * followed from an event is found from there too.
 *
 * @param named positions, in order; at most {@link #MOST_NAMED}
 * @param unnamed how many there were more
 */
public record FurtherCauses(List<Position> named, int unnamed) {
    /** How many are named at most; the cause itself is one more. */
    public static final int MOST_NAMED = 7;

    public static final FurtherCauses NONE = new FurtherCauses(List.of(), 0);

    private static final String CAUSE = "cause";
    private static final String UNNAMED = "causes-unnamed";

    public FurtherCauses {
        named = List.copyOf(named);
        if (named.size() > MOST_NAMED || unnamed < 0) {
            throw new IllegalArgumentException(
                    "expected at most "
                            + MOST_NAMED
                            + " further causes by name, found "
                            + named
                            + " and "
                            + unnamed
                            + " more");
        }
    }

    public boolean isEmpty() {
        return named.isEmpty() && unnamed == 0;
    }

    /** How many there are, named or not. */
    public int count() {
        return named.size() + unnamed;
    }

    List<Tag> tags() {
        List<Tag> tags = new ArrayList<>(named.size() + 1);
        named.forEach(position -> tags.add(new Tag(CAUSE, position.toString())));
        if (unnamed > 0) {
            tags.add(new Tag(UNNAMED, Integer.toString(unnamed)));
        }
        return tags;
    }

    /** Those that an event's tags tell of. */
    static FurtherCauses in(List<Tag> tags) {
        List<Position> named = List.of();
        int unnamed = 0;
        for (Tag tag : tags) {
            if (tag.name().equals(CAUSE)) {
                named = named.isEmpty() ? new ArrayList<>() : named;
                named.add(new Position(Long.parseLong(tag.value())));
            } else if (tag.name().equals(UNNAMED)) {
                unnamed = Integer.parseInt(tag.value());
            }
        }
        return named.isEmpty() && unnamed == 0 ? NONE : new FurtherCauses(named, unnamed);
    }
}
