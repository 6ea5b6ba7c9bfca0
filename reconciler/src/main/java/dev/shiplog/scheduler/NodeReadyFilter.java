package dev.shiplog.scheduler;

import dev.shiplog.resource.Taint;

import java.util.List;

/** A node that is not ready runs nothing. */
final class NodeReadyFilter implements Filter {
    @Override
    public List<Objection> objections(
            PodDemand pod, NodeLoad node, Neighbourhood around) {
        return Objection.unless(
                node.facts().ready()
                        || pod.tolerations().stream()
                                .anyMatch(toleration -> toleration.tolerates(Taint.NOT_READY)),
                "node(s) were not ready");
    }
}
