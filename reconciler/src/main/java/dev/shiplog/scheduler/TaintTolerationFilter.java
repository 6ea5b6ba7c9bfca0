package dev.shiplog.scheduler;

import dev.shiplog.resource.Taint;

import java.util.List;

/** A tainted node takes only pods that tolerate each of its taints. */
final class TaintTolerationFilter implements Filter {
    @Override
    public List<Objection> objections(
            PodDemand pod, NodeLoad node, Neighbourhood around) {
        for (Taint taint : node.facts().taints()) {
            if (taint.forbids()
                    && pod.tolerations().stream()
                            .noneMatch(toleration -> toleration.tolerates(taint))) {
                return Objection.unless(
                        false,
                        "node(s) had untolerated taint {"
                                + taint.key()
                                + ": "
                                + taint.value()
                                + "}");
            }
        }
        return Objection.NONE;
    }
}
