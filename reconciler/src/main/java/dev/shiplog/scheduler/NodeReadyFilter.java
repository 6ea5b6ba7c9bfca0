package dev.shiplog.scheduler;

import dev.shiplog.resource.Taint;

import java.util.List;

/** A node that is not ready runs nothing. */
final class NodeReadyFilter implements Filter {
    @Override
    public List<String> objections(PodDemand pod, NodeLoad node) {
        return Filter.unless(
                node.facts().ready()
                        || pod.tolerations().stream()
                                .anyMatch(toleration -> toleration.tolerates(Taint.NOT_READY)),
                "node(s) were not ready");
    }
}
