package dev.shiplog.scheduler;

import java.util.List;

/** The filters, in the order in which they are asked; the first that objects is heard. */
final class Filters {
    private static final List<Filter> ALL =
            List.of(
                    new NodeUnschedulableFilter(),
                    new NodeReadyFilter(),
                    new TaintTolerationFilter(),
                    new NodeSelectorFilter(),
                    new NodePortsFilter(),
                    new NodeResourcesFitFilter(),
                    new TopologySpreadFilter(),
                    new InterPodAffinityFilter());

    private Filters() {}

    /** Why a node cannot take a pod; empty if it can. */
    static List<Objection> objections(PodDemand pod, NodeLoad node, Neighbourhood around) {
        for (Filter filter : ALL) {
            List<Objection> objections = filter.objections(pod, node, around);
            if (!objections.isEmpty()) {
                return objections;
            }
        }
        return Objection.NONE;
    }
}
