package dev.shiplog.scheduler;

import java.util.List;

/** Says whether a node can take a pod at all. */
interface Filter {
    /**
     * Why not; empty if it can.
     *
     * @param around what the pod wants of the pods around it
     */
    List<Objection> objections(PodDemand pod, NodeLoad node, Neighbourhood around);
}
