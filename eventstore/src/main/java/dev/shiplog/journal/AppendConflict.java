package dev.shiplog.journal;

import dev.shiplog.resource.Position;

/**
 * An append condition did not hold: somebody else was first. Nothing was appended; decide again on
 * a newer state.
 */
public final class AppendConflict extends RuntimeException {
    private final Position conflicting;

    public AppendConflict(AppendCondition condition, Position conflicting) {
        super(
                "expected no event after "
                        + condition.after()
                        + " with one of "
                        + condition.tags()
                        + ", found one at position "
                        + conflicting);
        this.conflicting = conflicting;
    }

    /** The first event found that breaks the condition. */
    public Position conflicting() {
        return conflicting;
    }
}
