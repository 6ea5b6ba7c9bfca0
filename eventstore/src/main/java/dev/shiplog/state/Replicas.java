package dev.shiplog.state;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;

import org.pcollections.TreePMap;

/**
 * How many replicas a resource has, where an autoscaler decides that: what Git declares is where it
 * begins.
 */
final class Replicas {
    private Replicas() {}

    static Json with(Json body, int replicas) {
        ObjectNode root = body.toObject();
        root.withObject("/spec").put("replicas", replicas);
        return Json.of(root);
    }

    /** What is declared, with the number that is live. */
    static Json keep(Json live, Json declared) {
        JsonNode replicas = live.toNode().path("spec").path("replicas");
        return replicas.isMissingNode() ? declared : with(declared, replicas.asInt());
    }

    /** Whether an autoscaler of the namespace names this resource. */
    static boolean autoscaled(TreePMap<ResourceKey, Resource> resources, ResourceKey key) {
        ResourceKey first = new ResourceKey(GroupKind.AUTOSCALER, key.namespace(), "\u0000");
        ResourceKey last = new ResourceKey(GroupKind.AUTOSCALER, key.namespace(), "\uffff");
        for (Resource autoscaler : resources.subMap(first, true, last, false).values()) {
            JsonNode target = autoscaler.body().toNode().path("spec").path("scaleTargetRef");
            if (target.path("name").asText().equals(key.name())
                    && target.path("kind").asText().equals(key.kind().kind())) {
                return true;
            }
        }
        return false;
    }
}
