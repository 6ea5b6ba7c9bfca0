package dev.shiplog.scheduler;

import java.util.List;

/** A node that is not ready runs nothing. */
final class NodeReadyFilter implements Filter {
    private static final Taint NOT_READY =
            new Taint("node.kubernetes.io/not-ready", "", "NoSchedule");

    @Override
    public List<String> objections(PodDemand pod, NodeLoad node) {
        return Filter.unless(
                node.facts().ready()
                        || pod.tolerations().stream()
                                .anyMatch(toleration -> toleration.tolerates(NOT_READY)),
                "node(s) were not ready");
    }
}
