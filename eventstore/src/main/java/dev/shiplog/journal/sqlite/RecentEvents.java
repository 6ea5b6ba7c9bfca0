package dev.shiplog.journal.sqlite;

import dev.shiplog.journal.StoredEvent;
import dev.shiplog.journal.Tag;
import dev.shiplog.resource.Position;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The newest durable events, kept in memory: what subscribers read next and what append conditions
 * look at is almost always here.
 *
 * <p>Invariant: holds every event after {@code floor} and none before it.
 */
final class RecentEvents {
    static final int MAX_EVENTS = 4_096;
    static final long MAX_PAYLOAD_BYTES = 16L << 20;

    private final ArrayDeque<StoredEvent> events = new ArrayDeque<>();
    private final Map<Tag, Position> lastByTag = new HashMap<>();
    private long payloadBytes;
    private Position floor;

    RecentEvents(Position head) {
        floor = head;
    }

    synchronized void add(List<StoredEvent> durable) {
        for (StoredEvent event : durable) {
            events.addLast(event);
            payloadBytes += event.event().payload().length;
            for (Tag tag : event.event().tags()) {
                lastByTag.put(tag, event.position());
            }
        }
        while (events.size() > MAX_EVENTS || payloadBytes > MAX_PAYLOAD_BYTES) {
            forgetOldest();
        }
    }

    private void forgetOldest() {
        StoredEvent oldest = events.removeFirst();
        floor = oldest.position();
        payloadBytes -= oldest.event().payload().length;
        for (Tag tag : oldest.event().tags()) {
            lastByTag.remove(tag, oldest.position());
        }
    }

    /** The events after a position, at most so many; empty if they are not all here. */
    synchronized Optional<List<StoredEvent>> after(Position position, int limit) {
        if (floor.isAfter(position)) {
            return Optional.empty();
        }
        List<StoredEvent> result = new ArrayList<>();
        // From the newest backwards: readers are usually close to the head.
        Iterator<StoredEvent> newestFirst = events.descendingIterator();
        while (newestFirst.hasNext()) {
            StoredEvent event = newestFirst.next();
            if (!event.position().isAfter(position)) {
                break;
            }
            result.add(event);
        }
        List<StoredEvent> inOrder = result.reversed();
        return Optional.of(
                List.copyOf(inOrder.size() > limit ? inOrder.subList(0, limit) : inOrder));
    }

    /**
     * The newest event with one of the tags, {@link Position#ORIGIN} if none is here; empty if an
     * event after the position might not be here any more.
     */
    synchronized Optional<Position> newestWith(List<Tag> tags, Position after) {
        if (floor.isAfter(after)) {
            return Optional.empty();
        }
        Position newest = Position.ORIGIN;
        for (Tag tag : tags) {
            Position last = lastByTag.get(tag);
            if (last != null && last.isAfter(newest)) {
                newest = last;
            }
        }
        return Optional.of(newest);
    }
}
