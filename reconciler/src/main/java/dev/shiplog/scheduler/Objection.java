package dev.shiplog.scheduler;

import java.util.List;

/**
 * Why a node cannot take a pod.
 *
 * @param text in Kubernetes' words, as they follow the number of nodes in the message
 * @param curable whether it might be able to if other pods went away from there
 */
record Objection(String text, boolean curable) {
    static final List<Objection> NONE = List.of();

    /** The outcome of a filter with only one thing to say, which no pod can change. */
    static List<Objection> unless(boolean fits, String text) {
        return fits ? NONE : List.of(new Objection(text, false));
    }

    /** The outcome of a filter with only one thing to say, which is about other pods. */
    static List<Objection> curableUnless(boolean fits, String text) {
        return fits ? NONE : List.of(new Objection(text, true));
    }
}
