package dev.shiplog.scenario;

import dev.shiplog.loop.DueTimes;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Supplier;

/** A clock that goes on only when told, and the callbacks that are due on the way. */
public final class VirtualTime implements DueTimes, Supplier<Instant> {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final TreeSet<Due> due =
            new TreeSet<>(Comparator.comparing(Due::time).thenComparingLong(Due::order));
    private final Map<String, Due> byId = new HashMap<>();
    private Instant now = START;
    private long order;

    private record Due(Instant time, long order, String id, Runnable callback) {}

    @Override
    public Instant get() {
        return now;
    }

    public Duration elapsed() {
        return Duration.between(START, now);
    }

    @Override
    public void at(String id, Instant time, Runnable callback) {
        Due next = new Due(time, order++, id, callback);
        Due before = byId.put(id, next);
        if (before != null) {
            due.remove(before);
        }
        due.add(next);
    }

    /** Lets time go on; after each callback, and at the end, {@code settle} is called. */
    public void advance(Duration duration, Runnable settle) {
        Instant end = now.plus(duration);
        while (!due.isEmpty() && !due.first().time().isAfter(end)) {
            Due next = due.removeFirst();
            byId.remove(next.id(), next);
            if (next.time().isAfter(now)) {
                now = next.time();
            }
            next.callback().run();
            settle.run();
        }
        now = end;
        settle.run();
    }

    @Override
    public void close() {
        due.clear();
    }
}
