package dev.shiplog.scheduler;

/** Says how well a node would suit a pod. */
interface Score {
    /** From 0, the worst, to 100, the best. */
    double of(PodDemand pod, NodeLoad node, Surroundings surroundings);

    /**
     * What a score needs to know of the other nodes.
     *
     * @param mostOfOwner the most pods of the same owner that any feasible node has
     */
    record Surroundings(int mostOfOwner) {}
}
