package dev.shiplog.resource.kind;

import dev.shiplog.resource.GroupKind;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.NodeStatus;
import io.fabric8.kubernetes.api.model.NodeSystemInfo;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Node: a machine that runs pods. Nodes register themselves. */
final class NodeTable {
    private static final String ROLE_PREFIX = "node-role.kubernetes.io/";
    private static final String ROLE = "kubernetes.io/role";

    private static final String ADDRESSES =
            "List of addresses reachable to the node. Queried from cloud provider, if available."
                    + " More info: https://kubernetes.io/docs/reference/node/node-status/#addresses"
                    + " Note: This field is declared as mergeable, but the merge key is not"
                    + " sufficiently unique, which can cause data corruption when it is merged."
                    + " Callers should instead use a full-replacement patch. See"
                    + " https://pr.k8s.io/79391 for an example. Consumers should assume that"
                    + " addresses can change during the lifetime of a Node. However, there are some"
                    + " exceptions where this may not be possible, such as Pods that inherit a"
                    + " Node's address in its own status or consumers of the downward API"
                    + " (status.hostIP).";

    static final Kind KIND =
            new Kind(
                    GroupKind.NODE,
                    "nodes",
                    "node",
                    List.of("no"),
                    List.of(),
                    false,
                    "v1",
                    List.of("v1"),
                    false,
                    Node.class,
                    columns(),
                    Rules.NONE);

    private NodeTable() {}

    private static List<Column> columns() {
        return List.of(
                Cells.name(0),
                Cells.text("Status", 0, "The status of the node", Node.class, NodeTable::readiness),
                Cells.text("Roles", 0, "The roles of the node", Node.class, NodeTable::roles),
                Cells.age(),
                Cells.text(
                        "Version",
                        0,
                        "Kubelet Version reported by the node.",
                        Node.class,
                        node -> Cells.orElse(info(node).getKubeletVersion(), "")),
                Cells.text(
                        "Internal-IP",
                        1,
                        ADDRESSES,
                        Node.class,
                        node -> address(node, "InternalIP")),
                Cells.text(
                        "External-IP",
                        1,
                        ADDRESSES,
                        Node.class,
                        node -> address(node, "ExternalIP")),
                Cells.text(
                        "OS-Image",
                        1,
                        "OS Image reported by the node from /etc/os-release (e.g. Debian GNU/Linux 7"
                                + " (wheezy)).",
                        Node.class,
                        node -> Cells.orElse(info(node).getOsImage(), Cells.UNKNOWN)),
                Cells.text(
                        "Kernel-Version",
                        1,
                        "Kernel Version reported by the node from 'uname -r' (e.g."
                                + " 3.16.0-0.bpo.4-amd64).",
                        Node.class,
                        node -> Cells.orElse(info(node).getKernelVersion(), Cells.UNKNOWN)),
                Cells.text(
                        "Container-Runtime",
                        1,
                        "ContainerRuntime Version reported by the node through runtime remote API"
                                + " (e.g. containerd://1.4.2).",
                        Node.class,
                        node ->
                                Cells.orElse(
                                        info(node).getContainerRuntimeVersion(), Cells.UNKNOWN)));
    }

    private static NodeStatus status(Node node) {
        return node.getStatus() == null ? new NodeStatus() : node.getStatus();
    }

    private static NodeSystemInfo info(Node node) {
        NodeSystemInfo info = status(node).getNodeInfo();
        return info == null ? new NodeSystemInfo() : info;
    }

    private static String readiness(Node node) {
        String readiness = "Unknown";
        for (NodeCondition condition : status(node).getConditions()) {
            if ("Ready".equals(condition.getType())) {
                readiness = "True".equals(condition.getStatus()) ? "Ready" : "NotReady";
            }
        }
        boolean cordoned =
                node.getSpec() != null && Boolean.TRUE.equals(node.getSpec().getUnschedulable());
        return cordoned ? readiness + ",SchedulingDisabled" : readiness;
    }

    private static String roles(Node node) {
        Map<String, String> labels = node.getMetadata().getLabels();
        TreeSet<String> roles = new TreeSet<>();
        if (labels != null) {
            labels.forEach((key, value) -> {
                if (key.startsWith(ROLE_PREFIX) && key.length() > ROLE_PREFIX.length()) {
                    roles.add(key.substring(ROLE_PREFIX.length()));
                } else if (key.equals(ROLE) && !value.isEmpty()) {
                    roles.add(value);
                }
            });
        }
        return roles.isEmpty() ? Cells.NONE : String.join(",", roles);
    }

    private static String address(Node node, String type) {
        return status(node).getAddresses().stream()
                .filter(address -> type.equals(address.getType()))
                .map(address -> Cells.orElse(address.getAddress(), Cells.NONE))
                .findFirst()
                .orElse(Cells.NONE);
    }
}
