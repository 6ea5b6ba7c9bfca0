package dev.shiplog.placement;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.Taint;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a node says of itself that matters for scheduling. */
public record NodeFacts(
        NodeName name,
        Map<String, String> labels,
        boolean unschedulable,
        boolean ready,
        List<Taint> taints,
        Amounts allocatable) {

    public static NodeFacts of(Resource node) {
        JsonNode spec = node.body().toNode().path("spec");
        JsonNode status = node.status().toNode();
        List<Taint> taints = new ArrayList<>();
        spec.path("taints").forEach(taint -> taints.add(Taint.of(taint)));
        JsonNode allocatable =
                status.has("allocatable") ? status.path("allocatable") : status.path("capacity");
        return new NodeFacts(
                new NodeName(node.key().name()),
                node.metadata().labels(),
                spec.path("unschedulable").asBoolean() || node.metadata().deleting(),
                ready(status),
                List.copyOf(taints),
                Amounts.of(allocatable));
    }

    private static boolean ready(JsonNode status) {
        for (JsonNode condition : status.path("conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                return condition.path("status").asText().equals("True");
            }
        }
        return false;
    }
}
