package dev.shiplog.state;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.NodeName;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Optional;

/**
 * The few changes that scheduling and creation make to a document: its node, its first status, its
 * conditions.
 */
final class PodConditions {
    static final Json TERMINATING = Json.parse("{\"phase\":\"Terminating\"}");

    private static final Json PENDING = Json.parse("{\"phase\":\"Pending\"}");
    private static final Json ACTIVE = Json.parse("{\"phase\":\"Active\"}");

    private static final String NOMINATED = "nominatedNodeName";

    private PodConditions() {}

    static Json initialStatus(GroupKind kind) {
        if (kind.equals(GroupKind.POD)) {
            return PENDING;
        }
        return kind.equals(GroupKind.NAMESPACE) ? ACTIVE : Json.EMPTY;
    }

    static Json bind(Json body, NodeName node) {
        ObjectNode root = body.toObject();
        root.withObject("/spec").put("nodeName", node.value());
        return Json.of(root);
    }

    /** What is declared, with the node and the priority that the live pod was given. */
    static Json keep(Json liveBody, Json newBody) {
        Json kept = nodeOf(liveBody).map(node -> bind(newBody, node)).orElse(newBody);
        JsonNode spec = liveBody.toNode().path("spec");
        return spec.has("priority")
                ? prioritize(
                        kept, spec.path("priority").asInt(), spec.path("preemptionPolicy").asText())
                : kept;
    }

    static Json prioritize(Json body, int priority, String preemptionPolicy) {
        ObjectNode root = body.toObject();
        ObjectNode spec = root.withObject("/spec").put("priority", priority);
        if (!preemptionPolicy.isEmpty()) {
            spec.put("preemptionPolicy", preemptionPolicy);
        }
        return Json.of(root);
    }

    static Json nominated(Json status, Optional<NodeName> node) {
        ObjectNode root = status.toObject();
        root.remove(NOMINATED);
        node.ifPresent(name -> root.put(NOMINATED, name.value()));
        return Json.of(root);
    }

    static Optional<NodeName> nodeOf(Json body) {
        // Canonical JSON writes the member exactly so; most bodies of a batch are looked at, few
        // are parsed.
        if (!contains(body.bytes(), NODE_NAME)) {
            return Optional.empty();
        }
        JsonNode name = body.toNode().path("spec").path("nodeName");
        return name.isTextual() && !name.asText().isEmpty()
                ? Optional.of(new NodeName(name.asText()))
                : Optional.empty();
    }

    static Json scheduled(Json status, Instant time) {
        ObjectNode root = status.toObject();
        root.remove(NOMINATED);
        ObjectNode condition = condition(root, "PodScheduled", "True", time);
        condition.remove("reason");
        condition.remove("message");
        return Json.of(root);
    }

    static Json unschedulable(Json status, String message, Instant time) {
        ObjectNode root = status.toObject();
        ObjectNode condition = condition(root, "PodScheduled", "False", time);
        condition.put("reason", "Unschedulable");
        condition.put("message", message);
        return Json.of(root);
    }

    private static ObjectNode condition(
            ObjectNode status, String type, String value, Instant time) {
        ArrayNode conditions = status.withArray("/conditions");
        for (JsonNode node : conditions) {
            if (node instanceof ObjectNode found && found.path("type").asText().equals(type)) {
                if (!found.path("status").asText().equals(value)) {
                    found.put("lastTransitionTime", seconds(time));
                }
                found.put("status", value);
                return found;
            }
        }
        ObjectNode added = conditions.addObject();
        added.put("type", type);
        added.put("status", value);
        added.put("lastTransitionTime", seconds(time));
        return added;
    }

    private static String seconds(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static final byte[] NODE_NAME =
            "\"nodeName\":".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    /** Where the capital is in {@link #NODE_NAME}. */
    private static final int CAPITAL = 5;

    private static boolean contains(byte[] text, byte[] word) {
        // Capitals are rare in JSON: look for the one in the word, then around it.
        for (int at = CAPITAL; at < text.length; at++) {
            if (text[at] == word[CAPITAL]
                    && at - CAPITAL + word.length <= text.length
                    && Arrays.equals(
                            text, at - CAPITAL, at - CAPITAL + word.length, word, 0, word.length)) {
                return true;
            }
        }
        return false;
    }
}
