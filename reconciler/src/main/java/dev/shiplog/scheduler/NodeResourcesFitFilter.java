package dev.shiplog.scheduler;

import dev.shiplog.placement.Amounts;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a pod requests must be left over of what the node can allocate. */
final class NodeResourcesFitFilter implements Filter {
    @Override
    public List<Objection> objections(
            PodDemand pod, NodeLoad node, Neighbourhood around) {
        List<Objection> objections = Objection.NONE;
        Amounts requested = node.requestedBeside(pod);
        for (Map.Entry<String, Long> request : pod.requests().values().entrySet()) {
            String name = request.getKey();
            long whole = node.facts().allocatable().get(name);
            long free = whole - requested.get(name);
            if (request.getValue() > 0 && request.getValue() > free) {
                if (objections.isEmpty()) {
                    objections = new ArrayList<>();
                }
                objections.add(
                        new Objection(
                                name.equals(Amounts.PODS)
                                        ? "Too many pods"
                                        : "Insufficient " + name,
                                request.getValue() <= whole));
            }
        }
        return objections;
    }
}
