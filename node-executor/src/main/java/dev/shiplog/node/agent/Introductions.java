package dev.shiplog.node.agent;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.node.link.ControlPlane.Introduction;
import dev.shiplog.node.plan.NodeFacts;
import dev.shiplog.node.runtime.PodRuntime;
import dev.shiplog.resource.Json;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Describes a node as {@code v1.Node} does.
 *
 * @see <a
 *     href="https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/node-v1/#NodeStatus">
 *     NodeStatus</a>
 */
final class Introductions {
    /** Pods that a node takes at most, as Kubernetes' default. */
    static final int MOST_PODS = 110;

    /** The version of Kubernetes whose behaviour this node has. */
    static final String KUBELET_VERSION = "v1.34.0+shiplog";

    private static final long NANOS_PER_CORE = 1_000_000_000L;

    private Introductions() {}

    static NodeFacts facts(NodeSettings settings, Machine machine, PodRuntime runtime) {
        return new NodeFacts(
                settings.node(),
                List.of(machine.address()),
                runtime.name(),
                machine.cpus() * NANOS_PER_CORE,
                settings.allocatableBytes(machine.memoryBytes()),
                settings.names());
    }

    static Introduction introduce(
            NodeSettings settings,
            Machine machine,
            PodRuntime runtime,
            Health health,
            Instant now) {
        return new Introduction(
                settings.node(),
                labels(settings, machine),
                body(settings),
                Json.of(status(settings, machine, runtime, health, now)));
    }

    private static Json body(NodeSettings settings) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ObjectNode spec = body.putObject("spec");
        if (!settings.podRange().isEmpty()) {
            spec.put("podCIDR", settings.podRange());
        }
        return Json.of(body);
    }

    private static SortedMap<String, String> labels(NodeSettings settings, Machine machine) {
        SortedMap<String, String> labels = new TreeMap<>();
        labels.put("kubernetes.io/hostname", settings.node().value());
        labels.put("kubernetes.io/os", machine.operatingSystem());
        labels.put("kubernetes.io/arch", machine.architecture());
        labels.putAll(settings.labels());
        return labels;
    }

    private static ObjectNode status(
            NodeSettings settings,
            Machine machine,
            PodRuntime runtime,
            Health health,
            Instant now) {
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        status.set("capacity", resources(machine, machine.memoryBytes()));
        status.set(
                "allocatable",
                resources(machine, settings.allocatableBytes(machine.memoryBytes())));
        ArrayNode addresses = status.putArray("addresses");
        addresses.addObject().put("type", "InternalIP").put("address", machine.address());
        addresses.addObject().put("type", "Hostname").put("address", settings.node().value());
        ObjectNode info = status.putObject("nodeInfo");
        info.put("architecture", machine.architecture());
        info.put("bootID", machine.bootId());
        info.put("containerRuntimeVersion", runtime.info().version());
        info.put("kernelVersion", machine.kernelVersion());
        info.put("kubeProxyVersion", KUBELET_VERSION);
        info.put("kubeletVersion", KUBELET_VERSION);
        info.put("machineID", machine.machineId());
        info.put("operatingSystem", machine.operatingSystem());
        info.put("osImage", machine.osImage());
        info.put("systemUUID", machine.machineId());
        conditions(status.putArray("conditions"), health, now);
        return status;
    }

    private static ObjectNode resources(Machine machine, long memoryBytes) {
        ObjectNode resources = JsonNodeFactory.instance.objectNode();
        resources.put("cpu", Integer.toString(machine.cpus()));
        resources.put("memory", memoryBytes / 1024 + "Ki");
        resources.put("pods", Integer.toString(MOST_PODS));
        resources.put("ephemeral-storage", machine.diskBytes() / 1024 + "Ki");
        return resources;
    }

    private static void conditions(ArrayNode conditions, Health health, Instant now) {
        pressure(
                conditions,
                "MemoryPressure",
                health.memory().on(),
                "KubeletHasInsufficientMemory",
                "kubelet has insufficient memory available",
                "KubeletHasSufficientMemory",
                "kubelet has sufficient memory available",
                now);
        pressure(
                conditions,
                "DiskPressure",
                health.disk().on(),
                "KubeletHasDiskPressure",
                "kubelet has disk pressure",
                "KubeletHasNoDiskPressure",
                "kubelet has no disk pressure",
                now);
        pressure(
                conditions,
                "PIDPressure",
                health.pids().on(),
                "KubeletHasInsufficientPID",
                "kubelet has insufficient PID available",
                "KubeletHasSufficientPID",
                "kubelet has sufficient PID available",
                now);
        condition(
                conditions,
                "Ready",
                health.runtime().isEmpty() ? "True" : "False",
                health.runtime().isEmpty() ? "KubeletReady" : "KubeletNotReady",
                health.runtime()
                        .map(trouble -> "container runtime is down: " + trouble)
                        .orElse("kubelet is posting ready status"),
                now);
    }

    private static void pressure(
            ArrayNode conditions,
            String type,
            boolean pressed,
            String badReason,
            String badMessage,
            String reason,
            String message,
            Instant now) {
        condition(
                conditions,
                type,
                pressed ? "True" : "False",
                pressed ? badReason : reason,
                pressed ? badMessage : message,
                now);
    }

    private static void condition(
            ArrayNode conditions,
            String type,
            String value,
            String reason,
            String message,
            Instant now) {
        conditions
                .addObject()
                .put("type", type)
                .put("status", value)
                .put("reason", reason)
                .put("message", message)
                .put("lastHeartbeatTime", now.truncatedTo(ChronoUnit.SECONDS).toString())
                .put("lastTransitionTime", now.truncatedTo(ChronoUnit.SECONDS).toString());
    }
}
