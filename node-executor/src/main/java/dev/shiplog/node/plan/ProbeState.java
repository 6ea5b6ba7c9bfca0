package dev.shiplog.node.plan;

import dev.shiplog.node.probe.Answer;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How one probe of one live container stands.
 *
 * @param good what the answers so far amount to
 * @param lastGood the last answer
 * @param inRow how many like it came one after another
 * @param due when to ask next
 * @param told when people were last told of a bad answer
 * @param text what they were told
 * @param times how often they were told anything
 */
record ProbeState(
        boolean good,
        boolean lastGood,
        int inRow,
        Instant due,
        Optional<Instant> told,
        String text,
        int times) {
    /**
     * How often people are told of what goes on failing, once it has failed as often as it takes:
     * the log must not grow with time.
     */
    static final Duration TOLD_AGAIN_AFTER = Duration.ofMinutes(5);

    /** So often people are told at once of what fails anew: for one that goes up and down. */
    static final int MOST_AT_ONCE = 25;

    /** Before the first answer. */
    static ProbeState first(boolean good, Instant due) {
        return new ProbeState(good, good, 0, due, Optional.empty(), "", 0);
    }

    /**
     * After an answer. One that was not asked counts for nothing, and is asked again in its time.
     */
    ProbeState after(ProbeSpec spec, Answer answer, Instant now) {
        Instant next = due.plus(spec.period());
        if (next.isBefore(now)) {
            next = now;
        }
        if (answer.kind() == Answer.Kind.NOT_ASKED) {
            return new ProbeState(good, lastGood, inRow, next, told, text, times);
        }
        int row = answer.well() == lastGood ? inRow + 1 : 1;
        int enough = answer.well() ? spec.successThreshold() : spec.failureThreshold();
        return new ProbeState(
                row >= enough ? answer.well() : good,
                answer.well(),
                // What is more than enough needs no counting; an int must not overflow.
                Math.min(row, Math.max(spec.successThreshold(), spec.failureThreshold()) + 1),
                next,
                told,
                text,
                times);
    }

    /** Whether people should hear of this answer. */
    boolean worthTelling(ProbeSpec spec, Answer answer, Instant now) {
        if (answer.well() && answer.message().isEmpty()) {
            return false;
        }
        boolean fresh =
                !answer.message().equals(text)
                        || (answer.kind() == Answer.Kind.UNWELL && newFailure(spec));
        return (fresh && times < MOST_AT_ONCE)
                || told.isEmpty()
                || !now.isBefore(told.get().plus(TOLD_AGAIN_AFTER));
    }

    /** Whether a failure now is one of those that it takes to make it bad. */
    private boolean newFailure(ProbeSpec spec) {
        return lastGood || inRow < spec.failureThreshold();
    }

    ProbeState withTold(Instant now, String what) {
        return new ProbeState(good, lastGood, inRow, due, Optional.of(now), what, times + 1);
    }
}
