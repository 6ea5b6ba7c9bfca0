package dev.shiplog.scheduler;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.placement.Amounts;
import dev.shiplog.placement.NodeFacts;
import dev.shiplog.placement.NodeTerms;
import dev.shiplog.resource.OwnerReference;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Taint;
import dev.shiplog.resource.Toleration;
import dev.shiplog.resource.Uid;
import dev.shiplog.state.ClusterState;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a pod asks of a node. Read when it is placed, and again when its labels or its deletion
 * change.
 *
 * @param nodeName the node it is bound to or asks for; empty if any will do
 * @param requests the sum over its containers, or the largest init container if that is more, plus
 *     overhead; {@code pods} is 1
 * @param scoredCpu the CPU that it is assumed to use when it asks for none, in thousandths
 * @param scoredMemory likewise, in bytes
 * @param owner who manages it
 * @param priority pods of lower priority may have to go for it
 * @param preempts whether it drives out others
 * @param leaving whether its deletion was asked for
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
        Optional<Uid> owner,
        SortedMap<String, String> labels,
        int priority,
        boolean preempts,
        boolean leaving,
        Instant created,
        List<PreferredNodes> preferredNodes,
        PodAffinity affinity,
        List<SpreadConstraint> spread) {
    /** What Kubernetes' scores assume of a container without requests. */
    private static final long ASSUMED_CPU = 100;

    private static final long ASSUMED_MEMORY = 200L * 1024 * 1024;

    /** Nodes that a pod would rather have, by the weight of that wish. */
    record PreferredNodes(NodeTerms terms, int weight) {}

    static PodDemand of(Resource pod) {
        JsonNode spec = pod.body().toNode().path("spec");
        JsonNode affinity = spec.path("affinity");
        String namespace = pod.key().namespace();
        SortedMap<String, String> labels = pod.metadata().labels();
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
                NodeTerms.of(affinity),
                List.copyOf(tolerations),
                ports(spec),
                pod.metadata().controller().map(OwnerReference::uid),
                labels,
                spec.path("priority").asInt(0),
                !spec.path("preemptionPolicy").asText().equals("Never"),
                pod.metadata().deleting(),
                pod.metadata().created(),
                preferredNodes(affinity),
                PodAffinity.of(affinity, namespace, labels),
                SpreadConstraint.all(spec.path("topologySpreadConstraints"), namespace, labels));
    }

    private static List<PreferredNodes> preferredNodes(JsonNode affinity) {
        JsonNode terms =
                affinity.path("nodeAffinity")
                        .path("preferredDuringSchedulingIgnoredDuringExecution");
        if (terms.isEmpty()) {
            return List.of();
        }
        List<PreferredNodes> preferred = new ArrayList<>();
        for (JsonNode term : terms) {
            preferred.add(
                    new PreferredNodes(
                            NodeTerms.ofTerm(term.path("preference")),
                            term.path("weight").asInt()));
        }
        return List.copyOf(preferred);
    }

    /** Whether its node selector and required node affinity allow a node. */
    boolean chooses(NodeFacts node) {
        return node.labels().entrySet().containsAll(nodeSelector.entrySet())
                && nodeTerms.hold(node.name().value(), node.labels());
    }

    boolean tolerates(Taint taint) {
        for (Toleration toleration : tolerations) {
            if (toleration.tolerates(taint)) {
                return true;
            }
        }
        return false;
    }

    /** Whether it tolerates every taint of a node that forbids pods. */
    boolean tolerates(NodeFacts node) {
        return node.taints().stream().allMatch(taint -> !taint.forbids() || tolerates(taint));
    }

    /** Whether another pod's coming might let it fit where it did not. */
    boolean hopesFor(PodDemand other, ClusterState state) {
        return affinity.required().stream().anyMatch(term -> term.pods().chooses(other, state))
                || spread.stream()
                        .anyMatch(one -> one.hard() && one.pods().chooses(other, state));
    }

    /** The same pod on its way out. */
    PodDemand left() {
        return new PodDemand(
                key,
                uid,
                schedulerName,
                nodeName,
                requests,
                scoredCpu,
                scoredMemory,
                nodeSelector,
                nodeTerms,
                tolerations,
                ports,
                owner,
                labels,
                priority,
                preempts,
                true,
                created,
                preferredNodes,
                affinity,
                spread);
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
