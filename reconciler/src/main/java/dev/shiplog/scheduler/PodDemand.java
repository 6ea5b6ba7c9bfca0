package dev.shiplog.scheduler;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.placement.Amounts;
import dev.shiplog.placement.NodeTerms;
import dev.shiplog.resource.OwnerReference;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Toleration;
import dev.shiplog.resource.Uid;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a pod asks of a node. Read once in a pod's life, for none of it may change.
 *
 * @param nodeName the node it is bound to or asks for; empty if any will do
 * @param requests the sum over its containers, or the largest init container if that is more, plus
 *     overhead; {@code pods} is 1
 * @param scoredCpu the CPU that it is assumed to use when it asks for none, in thousandths
 * @param scoredMemory likewise, in bytes
 * @param owner who manages it
 */
record PodDemand(
        ResourceKey key,
        Uid uid,
        String schedulerName,
        String nodeName,
        Amounts requests,
        long scoredCpu,
        long scoredMemory,
        Map<String, String> nodeSelector,
        NodeTerms nodeTerms,
        List<Toleration> tolerations,
        List<HostPort> ports,
        Optional<Uid> owner) {
    /** What Kubernetes' scores assume of a container without requests. */
    private static final long ASSUMED_CPU = 100;

    private static final long ASSUMED_MEMORY = 200L * 1024 * 1024;

    static PodDemand of(Resource pod) {
        JsonNode spec = pod.body().toNode().path("spec");
        List<Toleration> tolerations = new ArrayList<>();
        spec.path("tolerations").forEach(node -> tolerations.add(Toleration.of(node)));
        SortedMap<String, String> nodeSelector = new TreeMap<>();
        spec.path("nodeSelector")
                .properties()
                .forEach(label -> nodeSelector.put(label.getKey(), label.getValue().asText()));
        long cpu = 0;
        long memory = 0;
        for (JsonNode container : spec.path("containers")) {
            Amounts requests = requests(container);
            cpu +=
                    requests.values().containsKey(Amounts.CPU)
                            ? requests.get(Amounts.CPU)
                            : ASSUMED_CPU;
            memory +=
                    requests.values().containsKey(Amounts.MEMORY)
                            ? requests.get(Amounts.MEMORY)
                            : ASSUMED_MEMORY;
        }
        return new PodDemand(
                pod.key(),
                pod.uid(),
                spec.path("schedulerName").asText(Scheduler.DEFAULT_NAME),
                spec.path("nodeName").asText(),
                requestsOf(spec),
                cpu,
                memory,
                nodeSelector,
                NodeTerms.of(spec.path("affinity")),
                List.copyOf(tolerations),
                ports(spec),
                pod.metadata().controller().map(OwnerReference::uid));
    }

    private static Amounts requestsOf(JsonNode spec) {
        Amounts sum = Amounts.NONE;
        for (JsonNode container : spec.path("containers")) {
            sum = sum.plus(requests(container));
        }
        for (JsonNode container : spec.path("initContainers")) {
            sum = sum.max(requests(container));
        }
        SortedMap<String, Long> one = new TreeMap<>();
        one.put(Amounts.PODS, 1L);
        return sum.plus(Amounts.of(spec.path("overhead"))).plus(new Amounts(one));
    }

    /** A limit stands for a request that is not given. */
    private static Amounts requests(JsonNode container) {
        JsonNode resources = container.path("resources");
        SortedMap<String, Long> values =
                new TreeMap<>(Amounts.of(resources.path("limits")).values());
        values.putAll(Amounts.of(resources.path("requests")).values());
        return new Amounts(values);
    }

    private static List<HostPort> ports(JsonNode spec) {
        List<HostPort> ports = new ArrayList<>();
        for (JsonNode container : spec.path("containers")) {
            for (JsonNode port : container.path("ports")) {
                boolean host = spec.path("hostNetwork").asBoolean();
                int number =
                        port.path("hostPort").asInt(host ? port.path("containerPort").asInt() : 0);
                if (number > 0) {
                    String address = port.path("hostIP").asText();
                    ports.add(
                            new HostPort(
                                    address.isEmpty() ? "0.0.0.0" : address,
                                    port.path("protocol").asText("TCP"),
                                    number));
                }
            }
        }
        return List.copyOf(ports);
    }
}
