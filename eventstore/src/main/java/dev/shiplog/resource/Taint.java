package dev.shiplog.resource;

import com.fasterxml.jackson.databind.JsonNode;

/** Why a node does not want pods that do not tolerate it. */
public record Taint(String key, String value, String effect) {
    /** What a node is as good as tainted with while it is cordoned. */
    public static final Taint CORDONED =
            new Taint("node.kubernetes.io/unschedulable", "", "NoSchedule");

    /** What a node is as good as tainted with while it is not ready. */
    public static final Taint NOT_READY =
            new Taint("node.kubernetes.io/not-ready", "", "NoSchedule");

    public static Taint of(JsonNode node) {
        return new Taint(
                node.path("key").asText(),
                node.path("value").asText(),
                node.path("effect").asText());
    }

    /** Whether it keeps new pods away, rather than only preferring other nodes. */
    public boolean forbids() {
        return effect.equals("NoSchedule") || effect.equals("NoExecute");
    }
}
