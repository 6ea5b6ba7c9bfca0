package dev.shiplog.status;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.shiplog.resource.Json;
import dev.shiplog.status.Condition.Updates;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;

class ConditionsTest {
    private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00.5Z");
    private static final Instant LATER = FIRST.plusSeconds(60);

    private static Json merged(Json before, Condition condition, Instant now) {
        return Json.of(Conditions.merge(before.toNode(), List.of(condition), now));
    }

    @Test
    void onlyAFlipMovesTheTransitionTime() {
        Json none = Json.parse("[{\"type\":\"Other\",\"status\":\"True\"}]");
        Json began = merged(none, ready("True", "A", Updates.ON_CHANGE), FIRST);
        assertEquals(
                "[{\"status\":\"True\",\"type\":\"Other\"},"
                        + "{\"lastTransitionTime\":\"2026-01-01T00:00:00Z\",\"lastUpdateTime\":\"2026-01-01T00:00:00Z\","
                        + "\"message\":\"m\",\"reason\":\"A\",\"status\":\"True\",\"type\":\"Ready\"}]",
                began.toString());
        assertEquals(began, merged(began, ready("True", "A", Updates.ON_CHANGE), LATER));

        var other = merged(began, ready("True", "B", Updates.ON_CHANGE), LATER).toNode().get(1);
        assertEquals("2026-01-01T00:00:00Z", other.path("lastTransitionTime").asText());
        assertEquals("2026-01-01T00:01:00Z", other.path("lastUpdateTime").asText());

        var flipped = merged(began, ready("False", "A", Updates.NEVER), LATER).toNode().get(1);
        assertEquals("2026-01-01T00:01:00Z", flipped.path("lastTransitionTime").asText());
        assertEquals("2026-01-01T00:00:00Z", flipped.path("lastUpdateTime").asText());
    }

    @Test
    void newsMoveTheUpdateTimeOnly() {
        Json began = merged(Json.parse("[]"), ready("True", "A", Updates.NOW), FIRST);
        var again = merged(began, ready("True", "A", Updates.NOW), LATER).toNode().get(0);
        assertEquals("2026-01-01T00:00:00Z", again.path("lastTransitionTime").asText());
        assertEquals("2026-01-01T00:01:00Z", again.path("lastUpdateTime").asText());
    }

    private static Condition ready(String status, String reason, Updates updates) {
        return new Condition("Ready", status, reason, "m", updates);
    }
}
