package dev.shiplog.scheduler;

import java.util.List;

/** A port of the machine can be had once. */
final class NodePortsFilter implements Filter {
    @Override
    public List<String> objections(PodDemand pod, NodeLoad node) {
        return Filter.unless(
                pod.ports().stream().noneMatch(node::takes),
                "node(s) didn't have free ports for the requested pod ports");
    }
}
