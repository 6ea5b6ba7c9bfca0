package dev.shiplog.boot;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the program is doing that takes long enough to be told: pulls in progress, and steps that
 * are done. Thread-safe.
 */
final class Activity {
    /** More steps than these say nothing new. */
    private static final int MILESTONES = 50;

    /** What was not told again for so long is over, whether or not somebody said so. */
    private static final long FRESH_NANOS = 3_000_000_000L;

    private final Map<String, Told> current = new TreeMap<>();
    private final List<String> milestones = new ArrayList<>();

    private record Told(String what, long nanos) {}

    /** Something goes on; said again, it replaces what was said of the same subject. */
    synchronized void begins(String subject, String what) {
        current.put(subject, new Told(what, System.nanoTime()));
    }

    synchronized void ends(String subject) {
        current.remove(subject);
    }

    /** Something is done that a person would want to have read. */
    synchronized void milestone(String what) {
        if (milestones.size() < MILESTONES && !milestones.contains(what)) {
            milestones.add(what);
        }
    }

    synchronized Collection<String> current() {
        long now = System.nanoTime();
        return current.values().stream()
                .filter(told -> now - told.nanos() < FRESH_NANOS)
                .map(Told::what)
                .toList();
    }

    synchronized Collection<String> milestones() {
        return List.copyOf(milestones);
    }
}
