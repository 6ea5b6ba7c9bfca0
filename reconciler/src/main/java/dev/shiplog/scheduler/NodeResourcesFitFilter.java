package dev.shiplog.scheduler;

import dev.shiplog.placement.Amounts;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a pod requests must be left over of what the node can allocate. */
final class NodeResourcesFitFilter implements Filter {
    @Override
    public List<String> objections(PodDemand pod, NodeLoad node) {
        List<String> objections = List.of();
        for (Map.Entry<String, Long> request : pod.requests().values().entrySet()) {
            String name = request.getKey();
            long free = node.facts().allocatable().get(name) - node.requested().get(name);
            if (request.getValue() > 0 && request.getValue() > free) {
                if (objections.isEmpty()) {
                    objections = new ArrayList<>();
                }
                objections.add(
                        name.equals(Amounts.PODS) ? "Too many pods" : "Insufficient " + name);
            }
        }
        return objections;
    }
}
