package dev.shiplog.controller.daemonset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.command.ResourceCommand;
import dev.shiplog.controller.Pods;
import dev.shiplog.controller.Templates;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.Toleration;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;

/**
 * The pod of a DaemonSet on one node: the template, tied to the node by its name, and with the
 * tolerations that let a daemon stay where other pods go ({@code daemonset_util.go}).
 */
final class DaemonPod {
    private static final String PREFIX = "node.kubernetes.io/";

    private DaemonPod() {}

    /** What every daemon puts up with. */
    static List<Toleration> tolerations(boolean hostNetwork) {
        return Stream.concat(
                        Stream.of(
                                always("not-ready", "NoExecute"),
                                always("unreachable", "NoExecute"),
                                always("disk-pressure", "NoSchedule"),
                                always("memory-pressure", "NoSchedule"),
                                always("pid-pressure", "NoSchedule"),
                                always("unschedulable", "NoSchedule")),
                        hostNetwork
                                ? Stream.of(always("network-unavailable", "NoSchedule"))
                                : Stream.empty())
                .toList();
    }

    private static Toleration always(String taint, String effect) {
        return new Toleration(PREFIX + taint, true, "", effect);
    }

    /** A new pod for a node. */
    static ResourceCommand.Dependent on(NodeName node, DaemonWish wish, String hash) {
        ObjectNode template = wish.template().deepCopy();
        ObjectNode spec = template.withObjectProperty("spec");
        required(spec)
                .putArray("nodeSelectorTerms")
                .addObject()
                .putArray("matchFields")
                .addObject()
                .put("key", "metadata.name")
                .put("operator", "In")
                .putArray("values")
                .add(node.value());
        ArrayNode tolerations = spec.withArray("tolerations");
        for (Toleration toleration : tolerations(spec.path("hostNetwork").asBoolean())) {
            ObjectNode added =
                    JsonNodeFactory.instance
                            .objectNode()
                            .put("key", toleration.key())
                            .put("operator", "Exists")
                            .put("effect", toleration.effect());
            if (!contains(tolerations, added)) {
                tolerations.add(added);
            }
        }
        SortedMap<String, String> labels = Templates.labels(template);
        labels.put(Revisions.HASH, hash);
        return new ResourceCommand.Dependent(
                GroupKind.POD,
                "v1",
                Optional.empty(),
                labels,
                Templates.annotations(template),
                List.of(),
                Templates.body(template));
    }

    private static ObjectNode required(ObjectNode spec) {
        return spec.withObjectProperty("affinity")
                .withObjectProperty("nodeAffinity")
                .withObjectProperty("requiredDuringSchedulingIgnoredDuringExecution");
    }

    private static boolean contains(ArrayNode list, JsonNode wanted) {
        for (JsonNode node : list) {
            if (node.equals(wanted)) {
                return true;
            }
        }
        return false;
    }

    /** The node that a pod is on, or is tied to; empty if neither. */
    static Optional<NodeName> nodeOf(Resource pod) {
        String name = Pods.nodeName(pod);
        if (name.isEmpty()) {
            JsonNode field =
                    pod.body()
                            .toNode()
                            .path("spec")
                            .path("affinity")
                            .path("nodeAffinity")
                            .path("requiredDuringSchedulingIgnoredDuringExecution")
                            .path("nodeSelectorTerms")
                            .path(0)
                            .path("matchFields")
                            .path(0);
            name =
                    field.path("key").asText().equals("metadata.name")
                            ? field.path("values").path(0).asText()
                            : "";
        }
        return name.isEmpty() ? Optional.empty() : Optional.of(new NodeName(name));
    }
}
