package dev.shiplog.controller.replicaset;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.Selector;

/**
 * What a ReplicaSet or a ReplicationController asks for.
 *
 * @param replicas how many pods
 * @param selector which pods count
 * @param template the PodTemplateSpec of new ones
 * @param minReadySeconds how long a pod must be ready to be available
 */
record ReplicaWish(int replicas, Selector selector, JsonNode template, int minReadySeconds) {
    static ReplicaWish of(Resource owner) {
        JsonNode spec = owner.body().toNode().path("spec");
        return new ReplicaWish(
                spec.path("replicas").asInt(1),
                selector(owner.key().kind(), spec),
                spec.path("template"),
                spec.path("minReadySeconds").asInt(0));
    }

    static Selector selector(Resource owner) {
        return selector(owner.key().kind(), owner.body().toNode().path("spec"));
    }

    private static Selector selector(GroupKind kind, JsonNode spec) {
        JsonNode labels = spec.path("template").path("metadata").path("labels");
        JsonNode selector = spec.path("selector");
        if (selector.isEmpty()) {
            // An empty selector would take every pod of the namespace; Kubernetes means this.
            return Selector.ofLabels(labels);
        }
        return kind.equals(GroupKind.REPLICATION_CONTROLLER)
                ? Selector.ofLabels(selector)
                : Selector.of(selector);
    }
}
