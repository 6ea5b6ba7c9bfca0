package dev.shiplog.status;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * Turns what controllers found into conditions. A condition's {@code lastTransitionTime} changes
 * only when its status does; a condition that nobody speaks of stays as it was.
 */
public final class Conditions {
    private Conditions() {}

    /** The conditions of before, each one that was found set, new ones at the end. */
    public static ArrayNode merge(JsonNode before, List<Condition> found, Instant now) {
        ArrayNode merged = JsonNodeFactory.instance.arrayNode();
        before.forEach(condition -> merged.add(condition.deepCopy()));
        for (Condition condition : found) {
            set(member(merged, condition.type()), condition, now);
        }
        return merged;
    }

    /** Takes a condition out of a status that has it. */
    public static void remove(ObjectNode status, String type) {
        if (status.get("conditions") instanceof ArrayNode conditions) {
            conditions.removeIf(condition -> condition.path("type").asText().equals(type));
            if (conditions.isEmpty()) {
                status.remove("conditions");
            }
        }
    }

    /** The condition of a type, if there is one. */
    public static Optional<JsonNode> find(JsonNode conditions, String type) {
        for (JsonNode condition : conditions) {
            if (condition.path("type").asText().equals(type)) {
                return Optional.of(condition);
            }
        }
        return Optional.empty();
    }

    private static ObjectNode member(ArrayNode conditions, String type) {
        return find(conditions, type)
                .map(ObjectNode.class::cast)
                .orElseGet(() -> conditions.addObject().put("type", type));
    }

    private static void set(ObjectNode member, Condition condition, Instant now) {
        String time = now.truncatedTo(ChronoUnit.SECONDS).toString();
        boolean flipped = !member.path("status").asText().equals(condition.status());
        boolean changed = flipped || !member.path("reason").asText().equals(condition.reason());
        if (flipped) {
            member.put("lastTransitionTime", time);
        }
        boolean updated =
                switch (condition.updates()) {
                    case NEVER -> false;
                    case ON_CHANGE -> changed;
                    case NOW -> true;
                };
        if (updated) {
            member.put("lastUpdateTime", time);
        }
        member.put("status", condition.status());
        member.put("reason", condition.reason());
        member.put("message", condition.message());
    }
}
