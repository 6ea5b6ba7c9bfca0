package dev.shiplog.controller.daemonset;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.controller.Pods;
import dev.shiplog.placement.NodeFacts;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Resource;

import java.util.List;

/** The status of a DaemonSet. */
final class DaemonStatus {
    private DaemonStatus() {}

    /**
     * As Kubernetes writes it: counts of nodes, of which four are always there.
     *
     * @param wanted the nodes that shall have a pod
     * @param others the nodes that shall not get one
     */
    static Json of(
            Resource owner, DaemonPods pods, List<NodeFacts> wanted, List<NodeFacts> others) {
        int current = 0;
        int ready = 0;
        int available = 0;
        int updated = 0;
        for (NodeFacts node : wanted) {
            List<Resource> here = pods.on(node.name());
            if (here.isEmpty()) {
                continue;
            }
            current++;
            ready += here.stream().anyMatch(Pods::ready) ? 1 : 0;
            available += here.stream().anyMatch(pods::isAvailable) ? 1 : 0;
            updated += here.stream().anyMatch(pods::isUpdated) ? 1 : 0;
        }
        long misplaced = others.stream().filter(node -> !pods.on(node.name()).isEmpty()).count();
        ObjectNode status = owner.status().toObject();
        status.put("observedGeneration", owner.metadata().generation());
        status.put("currentNumberScheduled", current);
        status.put("desiredNumberScheduled", wanted.size());
        status.put("numberMisscheduled", (int) misplaced);
        status.put("numberReady", ready);
        put(status, "numberAvailable", available);
        put(status, "numberUnavailable", wanted.size() - available);
        put(status, "updatedNumberScheduled", updated);
        return Json.of(status);
    }

    private static void put(ObjectNode status, String name, int count) {
        if (count == 0) {
            status.remove(name);
        } else {
            status.put(name, count);
        }
    }
}
