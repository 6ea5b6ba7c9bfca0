package dev.shiplog.scheduler;

import dev.shiplog.resource.Taint;

import java.util.List;

/** A cordoned node takes only pods that tolerate just that. */
final class NodeUnschedulableFilter implements Filter {
    @Override
    public List<Objection> objections(
            PodDemand pod, NodeLoad node, Neighbourhood around) {
        return Objection.unless(
                !node.facts().unschedulable()
                        || pod.tolerations().stream()
                                .anyMatch(toleration -> toleration.tolerates(Taint.CORDONED)),
                "node(s) were unschedulable");
    }
}
