package dev.shiplog.node.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.node.plan.ContainerState;
import dev.shiplog.node.plan.ContainerView;
import dev.shiplog.node.plan.NodeFacts;
import dev.shiplog.node.plan.PodStep;
import dev.shiplog.node.runtime.SandboxStatus;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Resource;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Writes a pod's status as {@code v1.PodStatus}. Pure: the same pod, seen the same, gives the same
 * bytes, so that a node that was restarted reports only what changed meanwhile.
 *
 * @see <a
 *     href="https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#PodStatus">
 *     PodStatus</a>
 */
public final class PodStatusWriter {
    private PodStatusWriter() {}

    /**
     * @param previous the status before, as the node last wrote it or the pod's document has it
     */
    public static Json write(
            Resource pod, PodStep step, Json previous, NodeFacts node, Instant now) {
        JsonNode before = previous.toNode();
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        status.put("phase", step.phase().phase());
        putUnlessEmpty(status, "reason", step.phase().reason());
        putUnlessEmpty(status, "message", step.phase().message());
        status.put("qosClass", QosClass.of(pod));
        status.put("startTime", time(step.history().startTime()));
        putAddresses(status, step, before, node);
        PodConditionsWriter.write(pod, before, step, status, now);
        ArrayNode init = JsonNodeFactory.instance.arrayNode();
        ArrayNode main = JsonNodeFactory.instance.arrayNode();
        ArrayNode ephemeral = JsonNodeFactory.instance.arrayNode();
        for (ContainerView view : step.views()) {
            ArrayNode list =
                    switch (view.role()) {
                        case INIT, SIDECAR -> init;
                        case MAIN -> main;
                        case EPHEMERAL -> ephemeral;
                    };
            list.add(container(view, node));
        }
        if (!init.isEmpty()) {
            status.set("initContainerStatuses", init);
        }
        status.set("containerStatuses", main);
        if (!ephemeral.isEmpty()) {
            status.set("ephemeralContainerStatuses", ephemeral);
        }
        return Json.of(status);
    }

    private static void putAddresses(
            ObjectNode status, PodStep step, JsonNode before, NodeFacts node) {
        status.put("hostIP", node.addresses().getFirst());
        ips(status, "hostIPs", node.addresses());
        String ip = step.sandbox().map(SandboxStatus::ip).orElse("");
        if (ip.isEmpty() && step.phase().terminal()) {
            ip = before.path("podIP").asText("");
        }
        if (!ip.isEmpty()) {
            status.put("podIP", ip);
            ips(status, "podIPs", List.of(ip));
        }
    }

    private static void ips(ObjectNode status, String name, List<String> ips) {
        ArrayNode array = status.putArray(name);
        ips.forEach(ip -> array.addObject().put("ip", ip));
    }

    private static ObjectNode container(ContainerView view, NodeFacts node) {
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        result.put("name", view.name());
        result.put("image", view.image());
        result.put("imageID", view.imageId());
        result.put("ready", view.ready());
        result.put("started", view.started());
        result.put("restartCount", view.restartCount());
        if (!view.containerId().isEmpty()) {
            result.put("containerID", fullId(view.containerId(), node));
        }
        result.set("state", state(view.state(), node));
        ObjectNode last = JsonNodeFactory.instance.objectNode();
        view.last().ifPresent(ended -> last.set("terminated", terminated(ended, node)));
        result.set("lastState", last);
        return result;
    }

    private static ObjectNode state(ContainerState state, NodeFacts node) {
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        switch (state) {
            case ContainerState.Waiting waiting -> {
                ObjectNode value = result.putObject("waiting");
                value.put("reason", waiting.reason());
                putUnlessEmpty(value, "message", waiting.message());
            }
            case ContainerState.Running running ->
                    result.putObject("running").put("startedAt", time(running.startedAt()));
            case ContainerState.Terminated ended ->
                    result.set("terminated", terminated(ended, node));
        }
        return result;
    }

    private static ObjectNode terminated(ContainerState.Terminated ended, NodeFacts node) {
        ObjectNode value = JsonNodeFactory.instance.objectNode();
        value.put("exitCode", ended.exitCode());
        value.put("reason", ended.reason());
        putUnlessEmpty(value, "message", ended.message());
        ended.startedAt().ifPresent(at -> value.put("startedAt", time(at)));
        value.put("finishedAt", time(ended.finishedAt()));
        if (!ended.containerId().isEmpty()) {
            value.put("containerID", fullId(ended.containerId(), node));
        }
        return value;
    }

    private static String fullId(String containerId, NodeFacts node) {
        return node.runtime() + "://" + containerId;
    }

    private static void putUnlessEmpty(ObjectNode node, String name, String value) {
        if (!value.isEmpty()) {
            node.put(name, value);
        }
    }

    private static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
