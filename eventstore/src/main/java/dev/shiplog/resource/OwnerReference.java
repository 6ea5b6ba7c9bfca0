package dev.shiplog.resource;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.Map;
import java.util.Set;

/**
 * A link from a dependent to the resource that it lives and dies with.
 *
 * @param apiVersion the API version in which the owner is named, such as {@code apps/v1}
 * @param kind the owner's kind
 * @param name the owner's name, in the dependent's namespace or without one
 * @param uid the life of the owner that is meant
 * @param controller whether the owner manages the dependent; at most one owner does
 * @param blockOwnerDeletion whether a foreground deletion of the owner waits for this dependent
 */
public record OwnerReference(
        String apiVersion,
        String kind,
        String name,
        Uid uid,
        boolean controller,
        boolean blockOwnerDeletion) {
    /** Whose controllers make what, by the dependent's kind. */
    private static final Map<String, Set<String>> MAKERS =
            Map.of(
                    "Pod",
                    Set.of(
                            "ReplicationController",
                            "ReplicaSet",
                            "DaemonSet",
                            "StatefulSet",
                            "Job",
                            "Node"),
                    "ReplicaSet",
                    Set.of("Deployment"),
                    "Job",
                    Set.of("CronJob"),
                    "ControllerRevision",
                    Set.of("DaemonSet", "StatefulSet"),
                    "EndpointSlice",
                    Set.of("Service"));

    /**
     * Whether one of Kubernetes' own controllers makes such dependents for such an owner, as a
     * ReplicaSet's makes pods. A file in which such an owner is the controller is a copy of a live
     * object.
     */
    public static boolean makes(String ownerKind, String dependentKind) {
        return MAKERS.getOrDefault(dependentKind, Set.of()).contains(ownerKind);
    }

    /** As it stands in {@code metadata.ownerReferences}; a fresh tree. */
    public ObjectNode toNode() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("apiVersion", apiVersion)
                .put("kind", kind)
                .put("name", name)
                .put("uid", uid.value())
                .put("controller", controller)
                .put("blockOwnerDeletion", blockOwnerDeletion);
    }

    /** The owner's kind and group. */
    public GroupKind groupKind() {
        int slash = apiVersion.indexOf('/');
        return new GroupKind(slash < 0 ? "" : apiVersion.substring(0, slash), kind);
    }
}
