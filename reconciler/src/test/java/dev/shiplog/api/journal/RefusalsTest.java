package dev.shiplog.api.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.command.AccessCommand.RecordRefusal;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;

/** Who asks again and again fills no log. */
class RefusalsTest {
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    private final Refusals refusals = new Refusals();

    @Test
    void theSameWithinAMinuteIsOneWithACount() {
        refusals.note(NOON, "bob", "192.0.2.1", "get", "secrets", "no");
        refusals.note(NOON.plusSeconds(1), "bob", "192.0.2.1", "get", "secrets", "no");
        refusals.note(NOON.plusSeconds(2), "bob", "192.0.2.1", "list", "secrets", "no");
        refusals.note(NOON.plusSeconds(3), "bob", "192.0.2.2", "get", "secrets", "no");

        assertEquals(
                List.of(
                        new RecordRefusal("bob", "several addresses", "get", "secrets", "no", 3),
                        new RecordRefusal("bob", "192.0.2.1", "list", "secrets", "no", 1)),
                refusals.due(NOON.plusSeconds(60)));
        assertEquals(List.of(), refusals.due(NOON.plusSeconds(200)));
    }

    /** A kill loses what came again, never that it came. */
    @Test
    void theFirstIsRecordedAtOnceAndTheRestWithTheMinute() {
        refusals.note(NOON, "bob", "192.0.2.1", "get", "secrets", "no");
        assertEquals(
                List.of(new RecordRefusal("bob", "192.0.2.1", "get", "secrets", "no", 1)),
                refusals.due(NOON.plusSeconds(1)));
        for (int i = 2; i < 59; i++) {
            refusals.note(NOON.plusSeconds(i), "bob", "192.0.2.2", "get", "secrets", "no");
            assertEquals(List.of(), refusals.due(NOON.plusSeconds(i)));
        }
        assertEquals(
                List.of(new RecordRefusal("bob", "192.0.2.2", "get", "secrets", "no", 57)),
                refusals.due(NOON.plusSeconds(60)));
        refusals.note(NOON.plusSeconds(61), "bob", "192.0.2.1", "get", "secrets", "no");
        assertEquals(1, refusals.due(NOON.plusSeconds(62)).size(), "a new minute");
        assertEquals(List.of(), refusals.due(NOON.plusSeconds(200)));
    }

    @Test
    void oneUserHasAFewLinesAndAllTogetherHaveABound() {
        for (int i = 0; i < 1_000; i++) {
            refusals.note(NOON, "bob", "192.0.2.1", "get", "path" + i, "no");
        }
        List<RecordRefusal> bobs = refusals.all();
        assertEquals(Refusals.MAX_APART_EACH + 1, bobs.size());
        assertEquals(1_000, bobs.stream().mapToLong(RecordRefusal::times).sum());

        for (int i = 0; i < 10_000; i++) {
            refusals.note(NOON, "user" + i, "192.0.2.1", "get", "secrets", "no");
        }
        List<RecordRefusal> all = refusals.all();
        assertEquals(Refusals.MAX_APART + 1, all.size());
        assertEquals(10_000, all.stream().mapToLong(RecordRefusal::times).sum());
        assertEquals("(others)", all.getLast().who());
    }

    @Test
    void aLongTextIsCut() {
        refusals.note(NOON, "b".repeat(5_000), "192.0.2.1", "get", "x".repeat(9_000), "no");
        RecordRefusal only = refusals.all().getFirst();
        assertTrue(only.who().length() <= 300 && only.what().length() <= 300);
    }
}
