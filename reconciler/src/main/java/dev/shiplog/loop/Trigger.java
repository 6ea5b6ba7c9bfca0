package dev.shiplog.loop;

import dev.shiplog.event.Event;
import dev.shiplog.event.NodeEvent;
import dev.shiplog.event.Recorded;
import dev.shiplog.event.ResourceEvent;
import dev.shiplog.journal.FurtherCauses;
import dev.shiplog.journal.Origin;
import dev.shiplog.resource.Position;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The events that woke a resource: the causes of what its controller then asks for.
 *
 * @param first the one that explains most: a decisive one if there is one, else the latest
 * @param origin what is inherited from it: correlation and commit
 * @param others the rest, those that explain more first; at most {@link FurtherCauses#MOST_NAMED}
 * @param unnamed how many there were more
 */
record Trigger(Woke first, Origin origin, List<Woke> others, int unnamed) {
    /** Those that explain more come first. */
    private static final Comparator<Woke> ORDER =
            Comparator.comparing(Woke::decisive).thenComparing(Woke::position).reversed();

    /**
     * One event that woke it.
     *
     * @param position where it stands
     * @param decisive whether it changed what is wished, rather than only what is observed
     */
    record Woke(Position position, boolean decisive) {}

    /** A single event, or what is told of one. */
    Trigger(Position position, Origin origin, boolean decisive) {
        this(new Woke(position, decisive), origin, List.of(), 0);
    }

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

    /** Both of them. */
    Trigger and(Trigger other) {
        List<Woke> all = new ArrayList<>(others);
        all.add(first);
        for (Woke one : other.all()) {
            if (!all.contains(one)) {
                all.add(one);
            }
        }
        all.sort(ORDER);
        Woke best = all.removeFirst();
        int named = Math.min(all.size(), FurtherCauses.MOST_NAMED);
        return new Trigger(
                best,
                best.equals(first) ? origin : other.origin,
                List.copyOf(all.subList(0, named)),
                unnamed + other.unnamed + all.size() - named);
    }

    private List<Woke> all() {
        List<Woke> all = new ArrayList<>(others);
        all.add(first);
        return all;
    }

    /** What follows from it. */
    Origin followedBy(String actor) {
        return origin.followedBy(actor, first.position())
                .with(
                        new FurtherCauses(
                                others.stream().map(Woke::position).sorted().toList(), unnamed));
    }

    /**
     * Without what else there was: for work on many resources, each of which was woken by its own.
     */
    Trigger alone() {
        return new Trigger(first, origin, List.of(), 0);
    }
}
