package dev.shiplog.placement;


import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.Taint;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeSpec;
import io.fabric8.kubernetes.api.model.NodeStatus;
import io.fabric8.kubernetes.api.model.Quantity;

import org.jspecify.annotations.Nullable;

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

    public static NodeFacts of(Resource resource) {
        Node node = resource.as(Node.class);
        NodeSpec spec = node.getSpec() == null ? new NodeSpec() : node.getSpec();
        NodeStatus status = node.getStatus() == null ? new NodeStatus() : node.getStatus();
        Map<String, Quantity> amounts =
                status.getAllocatable() == null || status.getAllocatable().isEmpty()
                        ? status.getCapacity()
                        : status.getAllocatable();
        return new NodeFacts(
                new NodeName(resource.key().name()),
                resource.metadata().labels(),
                Boolean.TRUE.equals(spec.getUnschedulable()) || resource.metadata().deleting(),
                ready(status),
                spec.getTaints().stream().map(NodeFacts::taint).toList(),
                amounts == null ? Amounts.NONE : Amounts.of(amounts));
    }

    private static Taint taint(io.fabric8.kubernetes.api.model.Taint taint) {
        return new Taint(text(taint.getKey()), text(taint.getValue()), text(taint.getEffect()));
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static boolean ready(NodeStatus status) {
        return status.getConditions().stream()
                .filter(condition -> "Ready".equals(condition.getType()))
                .anyMatch(condition -> "True".equals(condition.getStatus()));
    }
}
