package dev.shiplog.scheduler;

import dev.shiplog.resource.Taint;

import java.util.List;

/** A cordoned node takes only pods that tolerate just that. */
final class NodeUnschedulableFilter implements Filter {
    @Override
    public List<String> objections(PodDemand pod, NodeLoad node) {
        return Filter.unless(
                !node.facts().unschedulable()
                        || pod.tolerations().stream()
                                .anyMatch(toleration -> toleration.tolerates(Taint.CORDONED)),
                "node(s) were unschedulable");
    }
}
