package dev.shiplog.scheduler;

import dev.shiplog.resource.Taint;

import java.util.List;

/** A tainted node takes only pods that tolerate each of its taints. */
final class TaintTolerationFilter implements Filter {
    @Override
    public List<String> objections(PodDemand pod, NodeLoad node) {
        for (Taint taint : node.facts().taints()) {
            if (taint.forbids()
                    && pod.tolerations().stream()
                            .noneMatch(toleration -> toleration.tolerates(taint))) {
                return List.of(
                        "node(s) had untolerated taint {"
                                + taint.key()
                                + ": "
                                + taint.value()
                                + "}");
            }
        }
        return List.of();
    }
}
