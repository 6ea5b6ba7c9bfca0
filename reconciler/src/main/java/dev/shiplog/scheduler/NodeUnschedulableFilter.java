package dev.shiplog.scheduler;

import java.util.List;

/** A cordoned node takes only pods that tolerate just that. */
final class NodeUnschedulableFilter implements Filter {
    private static final Taint CORDONED =
            new Taint("node.kubernetes.io/unschedulable", "", "NoSchedule");

    @Override
    public List<String> objections(PodDemand pod, NodeLoad node) {
        return Filter.unless(
                !node.facts().unschedulable()
                        || pod.tolerations().stream()
                                .anyMatch(toleration -> toleration.tolerates(CORDONED)),
                "node(s) were unschedulable");
    }
}
