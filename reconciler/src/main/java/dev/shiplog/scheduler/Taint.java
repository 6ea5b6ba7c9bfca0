package dev.shiplog.scheduler;

import com.fasterxml.jackson.databind.JsonNode;

/** Why a node does not want pods that do not tolerate it. */
record Taint(String key, String value, String effect) {
    static Taint of(JsonNode node) {
        return new Taint(
                node.path("key").asText(),
                node.path("value").asText(),
                node.path("effect").asText());
    }

    /** Whether it keeps new pods away, rather than only preferring other nodes. */
    boolean forbids() {
        return effect.equals("NoSchedule") || effect.equals("NoExecute");
    }
}
