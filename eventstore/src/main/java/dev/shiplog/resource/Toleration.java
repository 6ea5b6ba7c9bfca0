package dev.shiplog.resource;

import com.fasterxml.jackson.databind.JsonNode;

/** What a pod puts up with: an empty key or effect means every one. */
public record Toleration(String key, boolean exists, String value, String effect) {
    public static Toleration of(JsonNode node) {
        return new Toleration(
                node.path("key").asText(),
                node.path("operator").asText().equals("Exists"),
                node.path("value").asText(),
                node.path("effect").asText());
    }

    public boolean tolerates(Taint taint) {
        return (effect.isEmpty() || effect.equals(taint.effect()))
                && (key.isEmpty() ? exists : key.equals(taint.key()))
                && (exists || value.equals(taint.value()));
    }
}
