package dev.shiplog.scheduler;

import java.util.List;

/** A port of the machine can be had once. */
final class NodePortsFilter implements Filter {
    @Override
    public List<Objection> objections(
            PodDemand pod, NodeLoad node, Neighbourhood around) {
        return Objection.curableUnless(
                pod.ports().isEmpty() || pod.ports().stream().noneMatch(node::takes),
                "node(s) didn't have free ports for the requested pod ports");
    }
}
