package dev.shiplog.decide;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.Json;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The condition by which a pod says that it was driven out, and why. */
final class DisruptionTarget {
    private static final String TYPE = "DisruptionTarget";

    private DisruptionTarget() {}

    /** A status with the condition. */
    static Json in(Json status, String reason, String message, Instant now) {
        ObjectNode root = status.toObject();
        ArrayNode conditions = root.withArray("/conditions");
        for (int i = conditions.size() - 1; i >= 0; i--) {
            JsonNode condition = conditions.get(i);
            if (condition.path("type").asText().equals(TYPE)) {
                conditions.remove(i);
            }
        }
        conditions
                .addObject()
                .put("type", TYPE)
                .put("status", "True")
                .put("lastTransitionTime", now.truncatedTo(ChronoUnit.SECONDS).toString())
                .put("reason", reason)
                .put("message", message);
        return Json.of(root);
    }
}
