package dev.shiplog.controller.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.Resource;
import dev.shiplog.resource.kind.DefaultTolerations;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** How long a pod puts up with the taints of its node that drive pods away. */
final class Patience {
    private Patience() {}

    /** When a pod must leave; empty for never. */
    static Optional<Instant> end(Resource pod, List<JsonNode> taints, Instant now) {
        ObjectNode spec = pod.body().toObject().withObjectProperty("spec");
        DefaultTolerations.set(spec);
        Instant came = came(pod);
        Optional<Instant> end = Optional.empty();
        for (JsonNode taint : taints) {
            Optional<JsonNode> toleration = tolerated(spec.path("tolerations"), taint);
            if (toleration.isEmpty()) {
                return Optional.of(Instant.MIN);
            }
            JsonNode seconds = toleration.get().path("tolerationSeconds");
            if (seconds.isNumber()) {
                Instant since = time(taint.path("timeAdded").asText(), now);
                Instant due =
                        (since.isAfter(came) ? since : came)
                                .plusSeconds(Math.max(0, seconds.longValue()));
                end = end.filter(earlier -> earlier.isBefore(due)).or(() -> Optional.of(due));
            }
        }
        return end;
    }

    private static Optional<JsonNode> tolerated(JsonNode tolerations, JsonNode taint) {
        for (JsonNode toleration : tolerations) {
            String key = toleration.path("key").asText();
            String effect = toleration.path("effect").asText();
            boolean exists = toleration.path("operator").asText().equals("Exists");
            boolean same =
                    (effect.isEmpty() || effect.equals(Taints.NO_EXECUTE))
                            && (key.isEmpty() ? exists : key.equals(taint.path("key").asText()))
                            && (exists
                                    || toleration
                                            .path("value")
                                            .asText()
                                            .equals(taint.path("value").asText()));
            if (same) {
                return Optional.of(toleration);
            }
        }
        return Optional.empty();
    }

    /** Since when it has been on its node: before that, it had nothing to put up with. */
    private static Instant came(Resource pod) {
        for (JsonNode condition : pod.status().toNode().path("conditions")) {
            if (condition.path("type").asText().equals("PodScheduled")) {
                return time(
                        condition.path("lastTransitionTime").asText(), pod.metadata().created());
            }
        }
        return pod.metadata().created();
    }

    private static Instant time(String text, Instant otherwise) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException _) {
            return otherwise;
        }
    }
}
