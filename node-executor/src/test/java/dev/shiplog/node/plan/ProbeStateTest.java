package dev.shiplog.node.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.node.probe.Answer;
import dev.shiplog.node.probe.Handler;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;

/** How answers add up; guide row 67. */
final class ProbeStateTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static ProbeSpec spec(int successes, int failures) {
        return new ProbeSpec(
                ProbeKind.READINESS,
                new Handler.TcpSocket("", 80),
                Duration.ZERO,
                Duration.ofSeconds(1),
                Duration.ofSeconds(10),
                successes,
                failures,
                OptionalLong.empty());
    }

    /** The rule in other words: enough like answers at the end of all that were given. */
    private static boolean model(boolean before, List<Boolean> answers, ProbeSpec spec) {
        boolean good = before;
        for (int end = 1; end <= answers.size(); end++) {
            boolean last = answers.get(end - 1);
            int enough = last ? spec.successThreshold() : spec.failureThreshold();
            if (end >= enough && !answers.subList(end - enough, end).contains(!last)) {
                good = last;
            }
        }
        return good;
    }

    @Test
    void anyAnswersAddUpAsTheThresholdsSay() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            ProbeSpec spec = spec(1 + random.nextInt(4), 1 + random.nextInt(4));
            boolean before = random.nextBoolean();
            ProbeState state = ProbeState.first(before, START);
            List<Boolean> answers = new ArrayList<>();
            Instant now = START;
            for (int i = 0; i < 40; i++) {
                now = now.plusSeconds(10);
                if (random.nextInt(5) == 0) {
                    // Counts for nothing.
                    state = state.after(spec, Answer.notAsked("no"), now);
                    continue;
                }
                boolean well = random.nextInt(3) > 0;
                answers.add(well);
                state = state.after(spec, well ? Answer.WELL : Answer.unwell("ill"), now);
                assertEquals(
                        model(before, answers, spec),
                        state.good(),
                        "seed " + seed + ", from " + before + ", " + spec + ": " + answers);
            }
        }
    }

    @Test
    void itIsAskedEveryPeriodHoweverLongAnAnswerTakes() {
        ProbeSpec spec = spec(1, 1);
        ProbeState state = ProbeState.first(false, START);
        Instant quick = START.plusMillis(50);
        assertEquals(START.plusSeconds(10), state.after(spec, Answer.WELL, quick).due());
        Instant slow = START.plusSeconds(12);
        assertEquals(slow, state.after(spec, Answer.WELL, slow).due());
    }

    /** What goes up and down for ever does not fill the log. */
    @Test
    void peopleAreNotToldForEver() {
        ProbeSpec spec = spec(1, 3);
        ProbeState state = ProbeState.first(true, START);
        int told = 0;
        for (int i = 0; i < 8640; i++) {
            Instant now = START.plusSeconds(10L * i);
            Answer answer = i % 2 == 0 ? Answer.WELL : Answer.unwell("ill");
            if (state.worthTelling(spec, answer, now)) {
                told++;
                state = state.after(spec, answer, now).withTold(now, answer.message());
            } else {
                state = state.after(spec, answer, now);
            }
        }
        assertTrue(told >= ProbeState.MOST_AT_ONCE, "told " + told + " times in a day");
        assertTrue(told <= ProbeState.MOST_AT_ONCE + 24 * 12, "told " + told + " times in a day");
        assertFalse(state.worthTelling(spec, Answer.WELL, START));
    }
}
