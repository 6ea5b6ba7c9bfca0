package dev.shiplog.scheduler;

/**
 * Says how much a pod likes a node beside the others, in a measure of its own. Asked only for pods
 * that it concerns.
 */
interface Preference {
    boolean concerns(PodDemand pod, Neighbourhood around, Census census);

    double of(PodDemand pod, NodeLoad node, Neighbourhood around);

    /**
     * The measure as a score from 0 to 100.
     *
     * @param least the least of all nodes that come into question
     * @param most the most of them
     */
    double score(double measure, double least, double most);
}
