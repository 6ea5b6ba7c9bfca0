package dev.shiplog.resource.kind;

import dev.shiplog.resource.GroupKind;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ReplicationController;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;

import java.util.List;
import java.util.Optional;

/** Every kind that the cluster knows, in the order in which discovery lists them. */
public final class Kinds {
    private static final List<Kind> ALL =
            List.of(
                    new Kind(
                            GroupKind.NAMESPACE,
                            "namespaces",
                            "namespace",
                            List.of("ns"),
                            List.of(),
                            false,
                            "v1",
                            List.of("v1"),
                            true,
                            Namespace.class,
                            List.of()),
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
                            List.of()),
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
                            List.of()),
                    new Kind(
                            GroupKind.REPLICATION_CONTROLLER,
                            "replicationcontrollers",
                            "replicationcontroller",
                            List.of("rc"),
                            List.of("all"),
                            true,
                            "v1",
                            List.of("v1"),
                            true,
                            ReplicationController.class,
                            List.of()),
                    new Kind(
                            GroupKind.EVENT,
                            "events",
                            "event",
                            List.of("ev"),
                            List.of(),
                            true,
                            "v1",
                            List.of("v1"),
                            false,
                            Event.class,
                            List.of()),
                    new Kind(
                            GroupKind.REPLICA_SET,
                            "replicasets",
                            "replicaset",
                            List.of("rs"),
                            List.of("all"),
                            true,
                            "apps/v1",
                            List.of("apps/v1", "apps/v1beta2", "extensions/v1beta1"),
                            true,
                            ReplicaSet.class,
                            List.of()),
                    new Kind(
                            GroupKind.DEPLOYMENT,
                            "deployments",
                            "deployment",
                            List.of("deploy"),
                            List.of("all"),
                            true,
                            "apps/v1",
                            List.of(
                                    "apps/v1",
                                    "apps/v1beta2",
                                    "apps/v1beta1",
                                    "extensions/v1beta1"),
                            true,
                            Deployment.class,
                            List.of()));

    private Kinds() {}

    public static List<Kind> all() {
        return ALL;
    }

    public static Optional<Kind> of(GroupKind groupKind) {
        return ALL.stream().filter(kind -> kind.groupKind().equals(groupKind)).findFirst();
    }

    /**
     * The kind that an API version and a kind name mean, such as {@code apps/v1beta2} and {@code
     * ReplicaSet}.
     */
    public static Optional<Kind> served(String apiVersion, String kindName) {
        return ALL.stream()
                .filter(kind ->
                        kind.groupKind().kind().equals(kindName)
                                && kind.servedVersions().contains(apiVersion))
                .findFirst();
    }
}
