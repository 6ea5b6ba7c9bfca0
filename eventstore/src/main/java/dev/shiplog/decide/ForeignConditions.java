package dev.shiplog.decide;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.Json;

import java.util.Set;

/**
 * The conditions of a pod that its node does not write: readiness gates, why it is to go. A node
 * reports a whole status, and knows of others' conditions only what it was told.
 */
final class ForeignConditions {
    private static final Set<String> OF_THE_NODE =
            Set.of(
                    "PodReadyToStartContainers",
                    "Initialized",
                    "Ready",
                    "ContainersReady",
                    "PodScheduled");

    private ForeignConditions() {}

    /** The reported status with others' conditions as they are now. */
    static Json keep(Json now, Json reported) {
        ArrayNode kept = foreign(now);
        if (kept.equals(foreign(reported))) {
            return reported;
        }
        ObjectNode status = reported.toObject();
        ArrayNode conditions = status.putArray("conditions");
        for (JsonNode condition : reported.toNode().path("conditions")) {
            if (!isForeign(condition)) {
                conditions.add(condition);
            }
        }
        conditions.addAll(kept);
        return Json.of(status);
    }

    private static ArrayNode foreign(Json status) {
        ArrayNode conditions = Json.EMPTY.toObject().putArray("conditions");
        for (JsonNode condition : status.toNode().path("conditions")) {
            if (isForeign(condition)) {
                conditions.add(condition);
            }
        }
        return conditions;
    }

    private static boolean isForeign(JsonNode condition) {
        return !OF_THE_NODE.contains(condition.path("type").asText());
    }
}
