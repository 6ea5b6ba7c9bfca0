package dev.shiplog.resource.kind;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.schema.FieldPath;
import dev.shiplog.resource.schema.Findings;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;

import java.util.List;

/** Pod: containers that live, move and die together. */
final class PodTable {
    static final Kind KIND =
            new Kind(
                    GroupKind.POD,
                    "pods",
                    "pod",
                    List.of("po"),
                    List.of("all"),
                    true,
                    "v1",
                    List.of("v1"),
                    true,
                    Pod.class,
                    columns(),
                    new PodRules());

    private PodTable() {}

    private static List<Column> columns() {
        return List.of(
                Cells.name(0),
                Cells.text(
                        "Ready",
                        0,
                        "The aggregate readiness state of this pod for accepting traffic.",
                        Pod.class,
                        pod -> PodSummary.of(pod).ready()),
                Cells.text(
                        "Status",
                        0,
                        "The aggregate status of the containers in this pod.",
                        Pod.class,
                        pod -> PodSummary.of(pod).reason()),
                Cells.text(
                        "Restarts",
                        0,
                        "The number of times the containers in this pod have been restarted and"
                                + " when the last container in this pod has restarted.",
                        Pod.class,
                        (pod, now) -> PodSummary.of(pod).restarts(now)),
                Cells.age(),
                Cells.text("IP", 1, POD_IP, Pod.class, PodTable::address),
                Cells.text(
                        "Node",
                        1,
                        NODE_NAME,
                        Pod.class,
                        pod -> Cells.orElse(pod.getSpec().getNodeName(), Cells.NONE)),
                Cells.text(
                        "Nominated Node",
                        1,
                        NOMINATED_NODE,
                        Pod.class,
                        pod -> Cells.orElse(status(pod).getNominatedNodeName(), Cells.NONE)),
                Cells.text("Readiness Gates", 1, GATES, Pod.class, PodTable::readinessGates));
    }

    private static PodStatus status(Pod pod) {
        return pod.getStatus() == null ? new PodStatus() : pod.getStatus();
    }

    private static String address(Pod pod) {
        PodStatus status = status(pod);
        String first = status.getPodIPs().isEmpty() ? "" : status.getPodIPs().getFirst().getIp();
        return Cells.orElse(first, Cells.orElse(status.getPodIP(), Cells.NONE));
    }

    private static String readinessGates(Pod pod) {
        var gates = pod.getSpec().getReadinessGates();
        if (gates.isEmpty()) {
            return Cells.NONE;
        }
        List<PodCondition> conditions = status(pod).getConditions();
        long open =
                gates.stream()
                        .filter(gate ->
                                conditions.stream()
                                        .anyMatch(condition ->
                                                gate.getConditionType().equals(condition.getType())
                                                        && "True".equals(condition.getStatus())))
                        .count();
        return open + "/" + gates.size();
    }

    private static final class PodRules implements Rules {
        private static final FieldPath SPEC = FieldPath.of("spec");

        @Override
        public void setDefaults(ObjectNode document) {
            PodDefaults.setPod(document);
        }

        @Override
        public void validate(ObjectNode document, Findings findings) {
            PodValidation.validate(document.path("spec"), SPEC, findings);
        }

        @Override
        public void validateUpdate(ObjectNode before, ObjectNode after, Findings findings) {
            PodUpdates.validate(before.path("spec"), after.path("spec"), findings);
        }

        @Override
        public void warn(ObjectNode document, Findings findings) {
            NotYet.warn(document.path("spec"), SPEC, findings);
        }
    }

    private static final String POD_IP =
            "podIP address allocated to the pod. Routable at least within the cluster. Empty if not"
                    + " yet allocated.";

    private static final String NODE_NAME =
            "NodeName indicates in which node this pod is scheduled. If empty, this pod is a"
                    + " candidate for scheduling by the scheduler defined in schedulerName. Once"
                    + " this field is set, the kubelet for this node becomes responsible for the"
                    + " lifecycle of this pod. This field should not be used to express a desire for"
                    + " the pod to be scheduled on a specific node."
                    + " https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#nodename";

    private static final String NOMINATED_NODE =
            "nominatedNodeName is set only when this pod preempts other pods on the node, but it"
                    + " cannot be scheduled right away as preemption victims receive their graceful"
                    + " termination periods. This field does not guarantee that the pod will be"
                    + " scheduled on this node. Scheduler may decide to place the pod elsewhere if"
                    + " other nodes become available sooner. Scheduler may also decide to give the"
                    + " resources on this node to a higher priority pod that is created after"
                    + " preemption. As a result, this field may be different than PodSpec.nodeName"
                    + " when the pod is scheduled.";

    private static final String GATES =
            "If specified, all readiness gates will be evaluated for pod readiness. A pod is ready"
                    + " when all its containers are ready AND all conditions specified in the"
                    + " readiness gates have status equal to \"True\" More info:"
                    + " https://git.k8s.io/enhancements/keps/sig-network/580-pod-readiness-gates";
}
