package dev.shiplog.scheduler;

import java.util.List;

/** A pod's node selector and required node affinity must hold. */
final class NodeSelectorFilter implements Filter {
    @Override
    public List<String> objections(PodDemand pod, NodeLoad node) {
        return Filter.unless(
                node.facts().labels().entrySet().containsAll(pod.nodeSelector().entrySet())
                        && pod.nodeTerms().hold(node.facts().name().value(), node.facts().labels()),
                "node(s) didn't match Pod's node affinity/selector");
    }
}
