package dev.shiplog.journal;

import dev.shiplog.resource.Position;

/** The event that made another one happen. */
public sealed interface Cause {
    /** Nothing in the log caused it: a request from outside began it. */
    record None() implements Cause {}

    /** An event that is in the log already. */
    record At(Position position) implements Cause {}

    /**
     * An event of the same append, which has no position yet.
     *
     * @param index its place in the append, from 0; less than the place of the event that it causes
     */
    record Sibling(int index) implements Cause {}

    static Cause none() {
        return new None();
    }
}
