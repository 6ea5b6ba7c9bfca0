package dev.shiplog.api.journal;

import dev.shiplog.command.AccessCommand.RecordRefusal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Folds refusals: the first of its kind is to be recorded at once, those that are the same within a
 * minute then once more, with their count. In a minute, at most so many are told apart; the rest
 * are counted together. Thread-safe.
 */
final class Refusals {
    /** How long equal refusals are counted together. */
    static final Duration WINDOW = Duration.ofMinutes(1);

    /** How many are told apart in one window, from all users together. */
    static final int MAX_APART = 60;

    /** How many of them may be one user's or one address's. */
    static final int MAX_APART_EACH = 15;

    private static final int MAX_TEXT = 300;
    private static final String OTHERS = "(others)";

    private final Map<Key, Counted> counted = new LinkedHashMap<>();
    private Instant began = Instant.MIN;

    private record Key(String who, String verb, String what, String why) {}

    /**
     * @param times since it was last recorded
     * @param told whether it was recorded in this window
     */
    private record Counted(String from, long times, boolean told) {
        Counted again(String other) {
            return new Counted(
                    times == 0 || from.equals(other) ? other : "several addresses",
                    times + 1,
                    told);
        }

        Counted recorded() {
            return new Counted(from, 0, true);
        }
    }

    /** Counts one. */
    synchronized void note(
            Instant now, String who, String from, String verb, String what, String why) {
        if (counted.isEmpty()) {
            began = now;
        }
        Key key = new Key(cut(who), cut(verb), cut(what), cut(why));
        if (!counted.containsKey(key)) {
            key = room(key, from);
        }
        Counted before = counted.get(key);
        counted.put(key, before == null ? new Counted(from, 1, false) : before.again(from));
    }

    /** The key itself, or that of the heap that it is thrown on. */
    private Key room(Key key, String from) {
        long same =
                counted.entrySet().stream()
                        .filter(entry ->
                                entry.getKey().who().equals(key.who())
                                        && (!key.who().equals("system:anonymous")
                                                || entry.getValue().from().equals(from)))
                        .count();
        if (counted.size() >= MAX_APART) {
            return new Key(OTHERS, "*", "*", "more refusals than are told apart");
        }
        return same >= MAX_APART_EACH
                ? new Key(key.who(), "*", "*", "more refusals than are told apart")
                : key;
    }

    /** What is to be recorded now: what is new, and at the end of the window everything. */
    synchronized List<RecordRefusal> due(Instant now) {
        if (counted.isEmpty()) {
            return List.of();
        }
        if (!now.isBefore(began.plus(WINDOW))) {
            return all();
        }
        List<RecordRefusal> fresh = new ArrayList<>();
        counted.replaceAll((key, count) -> {
            if (count.told()) {
                return count;
            }
            fresh.add(record(key, count));
            return count.recorded();
        });
        return fresh;
    }

    /** All that is counted; forgotten here. */
    synchronized List<RecordRefusal> all() {
        List<RecordRefusal> records = new ArrayList<>();
        counted.forEach((key, count) -> {
            if (count.times() > 0) {
                records.add(record(key, count));
            }
        });
        counted.clear();
        began = Instant.MIN;
        return records;
    }

    private static RecordRefusal record(Key key, Counted count) {
        return new RecordRefusal(
                key.who(), count.from(), key.verb(), key.what(), key.why(), count.times());
    }

    private static String cut(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT - 1) + "…";
    }
}
