package dev.shiplog.scheduler;

import java.util.List;

/** A pod's node selector and required node affinity must hold. */
final class NodeSelectorFilter implements Filter {
    static final String TEXT = "node(s) didn't match Pod's node affinity/selector";

    @Override
    public List<Objection> objections(
            PodDemand pod, NodeLoad node, Neighbourhood around) {
        return Objection.unless(
                pod.chooses(node.facts()), TEXT);
    }
}
