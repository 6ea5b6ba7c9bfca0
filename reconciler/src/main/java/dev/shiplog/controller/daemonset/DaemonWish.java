package dev.shiplog.controller.daemonset;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.placement.NodeFacts;
import dev.shiplog.placement.NodeTerms;
import dev.shiplog.resource.IntOrPercent;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.Selector;
import dev.shiplog.resource.Taint;
import dev.shiplog.resource.Toleration;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a DaemonSet asks for.
 *
 * @param owner the DaemonSet
 * @param template the PodTemplateSpec as it stands
 * @param nodeSelector labels that a node must have
 * @param nodeTerms the required node affinity
 * @param tolerations the template's, and those that every daemon has
 * @param rolling whether pods of old templates are replaced without being asked
 * @param maxUnavailable how many nodes may be without an available pod while they are
 * @param maxSurge on how many nodes a new pod may run beside the old one
 */
record DaemonWish(
        Resource owner,
        Selector selector,
        JsonNode template,
        String nodeName,
        Map<String, String> nodeSelector,
        NodeTerms nodeTerms,
        List<Toleration> tolerations,
        boolean rolling,
        IntOrPercent maxUnavailable,
        IntOrPercent maxSurge,
        int minReadySeconds,
        int revisionHistoryLimit) {
    private static final int DEFAULT_HISTORY = 10;
    /** What becomes of one node. */
    enum Place {
        /** It shall have a pod. */
        WANTED,
        /** It gets no new pod and keeps the one that it has. */
        KEPT,
        /** It shall have none. */
        UNWANTED
    }

    static DaemonWish of(Resource owner) {
        JsonNode spec = owner.body().toNode().path("spec");
        JsonNode template = spec.path("template");
        JsonNode pod = template.path("spec");
        Map<String, String> nodeSelector = new TreeMap<>();
        pod.path("nodeSelector")
                .properties()
                .forEach(label -> nodeSelector.put(label.getKey(), label.getValue().asText()));
        List<Toleration> tolerations = new ArrayList<>();
        pod.path("tolerations").forEach(node -> tolerations.add(Toleration.of(node)));
        tolerations.addAll(DaemonPod.tolerations(pod.path("hostNetwork").asBoolean()));
        JsonNode strategy = spec.path("updateStrategy");
        JsonNode rolling = strategy.path("rollingUpdate");
        return new DaemonWish(
                owner,
                Selector.of(spec.path("selector")),
                template,
                pod.path("nodeName").asText(),
                nodeSelector,
                NodeTerms.of(pod.path("affinity")),
                List.copyOf(tolerations),
                !strategy.path("type").asText().equals("OnDelete"),
                rolling.has("maxUnavailable")
                        ? IntOrPercent.of(rolling.path("maxUnavailable"))
                        : new IntOrPercent(1, false),
                IntOrPercent.of(rolling.path("maxSurge")),
                spec.path("minReadySeconds").asInt(0),
                spec.path("revisionHistoryLimit").asInt(DEFAULT_HISTORY));
    }

    /** Whether a new pod may run beside the old one. */
    boolean surges() {
        return rolling && maxSurge.amount() > 0;
    }

    /** Whether a node suits the pods; {@code NodeShouldRunDaemonPod} of Kubernetes. */
    Place place(NodeFacts node) {
        boolean chosen =
                (nodeName.isEmpty() || nodeName.equals(node.name().value()))
                        && node.labels().entrySet().containsAll(nodeSelector.entrySet())
                        && nodeTerms.hold(node.name().value(), node.labels());
        if (!chosen) {
            return Place.UNWANTED;
        }
        boolean driven =
                node.taints().stream()
                        .anyMatch(taint ->
                                taint.effect().equals("NoExecute") && !tolerates(taint));
        if (driven) {
            return Place.UNWANTED;
        }
        boolean open =
                (node.ready() || tolerates(Taint.NOT_READY))
                        && node.taints().stream()
                                .allMatch(taint -> !taint.forbids() || tolerates(taint));
        return open ? Place.WANTED : Place.KEPT;
    }

    private boolean tolerates(Taint taint) {
        return tolerations.stream().anyMatch(toleration -> toleration.tolerates(taint));
    }
}
