package dev.shiplog.scheduler;

import java.util.List;

/** Says whether a node can take a pod at all. */
interface Filter {
    /**
     * Why not, in Kubernetes' words, as they follow the number of nodes in the message; empty if it
     * can.
     */
    List<String> objections(PodDemand pod, NodeLoad node);

    /** The outcome of a filter with only one thing to say. */
    static List<String> unless(boolean fits, String objection) {
        return fits ? List.of() : List.of(objection);
    }
}
