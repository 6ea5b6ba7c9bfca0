package dev.shiplog.journal;

import dev.shiplog.resource.Position;

import java.util.ArrayList;
import java.util.List;

/**
 * Events that were read one by one.
 *
 * @param location of their log
 */
record ReadPage(List<StoredEvent> events, String location) implements EventPage {
    @Override
    public int size() {
        return events.size();
    }

    @Override
    public long bytes() {
        return events.stream().mapToLong(event -> event.event().payload().length).sum();
    }

    @Override
    public Position last() {
        return events.getLast().position();
    }

    @Override
    public byte[] lastHash() {
        return events.getLast().hash();
    }

    @Override
    public <T> List<T> check(Position after, byte[] previous, Taking<T> take) {
        HashChain.Hasher hasher = new HashChain.Hasher();
        List<T> taken = new ArrayList<>(events.size());
        Position position = after;
        byte[] before = previous;
        for (StoredEvent stored : events) {
            position = position.next();
            HashChain.checkPosition(position, stored.position(), location);
            hasher.check(before, stored, location);
            before = stored.hash();
            NewEvent event = stored.event();
            taken.add(
                    take.event(
                            position,
                            event.type(),
                            event.version(),
                            event.time(),
                            event.origin(),
                            event.payload()));
        }
        return taken;
    }
}
