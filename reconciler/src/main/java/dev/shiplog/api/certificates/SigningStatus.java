package dev.shiplog.api.certificates;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.Json;
import dev.shiplog.resource.schema.FieldPath;
import dev.shiplog.resource.schema.Findings;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What clients may make of a request's status: by {@code approval} the conditions, by {@code
 * status} the certificate and what does not decide. Pure.
 */
public final class SigningStatus {
    private static final FieldPath CONDITIONS = FieldPath.of("status", "conditions");
    private static final FieldPath CERTIFICATE = FieldPath.of("status", "certificate");

    /** What is decided stays decided. */
    private static final List<String> FINAL =
            List.of(SigningRequest.APPROVED, SigningRequest.DENIED, SigningRequest.FAILED);

    private SigningStatus() {}

    /** The status after a write of {@code approval}: only conditions count. */
    public static Json approval(Json before, Json asked, Instant now, Findings findings) {
        ObjectNode after = before.toObject();
        JsonNode conditions = asked.toNode().path("conditions");
        if (conditions.isEmpty()) {
            after.remove("conditions");
        } else {
            after.set("conditions", timed(conditions, before, now));
        }
        check(before, after, findings);
        return Json.of(after);
    }

    /** The status after a write of {@code status}: who approves and denies is another. */
    public static Json status(Json before, Json asked, Instant now, Findings findings) {
        ObjectNode after = asked.toObject();
        ArrayNode conditions = JsonNodeFactory.instance.arrayNode();
        Stream.concat(
                        conditions(before.toNode()).filter(SigningStatus::approves),
                        conditions(after).filter(condition -> !approves(condition)))
                .forEach(conditions::add);
        Set<String> wanted = types(after);
        Set<String> had = types(before.toNode());
        for (String type : List.of(SigningRequest.APPROVED, SigningRequest.DENIED)) {
            if (wanted.contains(type) && !had.contains(type)) {
                findings.forbidden(
                        CONDITIONS, "updates may not add a condition of type \"" + type + "\"");
            }
        }
        after.remove("conditions");
        if (!conditions.isEmpty()) {
            after.set("conditions", timed(conditions, before, now));
        }
        check(before, after, findings);
        certificate(before.toNode(), after, findings);
        return Json.of(after);
    }

    private static void check(Json before, JsonNode after, Findings findings) {
        Set<String> seen = new HashSet<>();
        JsonNode conditions = after.path("conditions");
        for (int i = 0; i < conditions.size(); i++) {
            String type = conditions.get(i).path("type").asText();
            FieldPath path = CONDITIONS.item(i);
            String shown = "\"" + type + "\"";
            if (type.isEmpty()) {
                findings.required(path.child("type"), "");
            }
            String status = conditions.get(i).path("status").asText();
            if (status.isEmpty()) {
                findings.required(path.child("status"), "");
            } else if (FINAL.contains(type) && !status.equals("True")) {
                findings.error(
                        path.child("status"),
                        "Unsupported value: \"" + status + "\": supported values: \"True\"");
            }
            boolean both =
                    (type.equals(SigningRequest.DENIED) && seen.contains(SigningRequest.APPROVED))
                            || (type.equals(SigningRequest.APPROVED)
                                    && seen.contains(SigningRequest.DENIED));
            if (both) {
                findings.invalid(
                        path.child("type"),
                        shown,
                        "Approved and Denied conditions are mutually exclusive");
            }
            if (!seen.add(type)) {
                findings.duplicate(path.child("type"), shown);
            }
        }
        for (String type : types(before.toNode())) {
            if (FINAL.contains(type) && !seen.contains(type)) {
                findings.forbidden(
                        CONDITIONS, "updates may not remove a condition of type \"" + type + "\"");
            }
        }
    }

    private static void certificate(JsonNode before, JsonNode after, Findings findings) {
        String had = before.path("certificate").asText();
        String has = after.path("certificate").asText();
        if (had.equals(has)) {
            return;
        }
        if (!had.isEmpty()) {
            findings.forbidden(CERTIFICATE, "updates may not modify certificate data");
            return;
        }
        try {
            String pem = new String(Base64.getDecoder().decode(has), StandardCharsets.ISO_8859_1);
            if (!pem.contains("-----BEGIN CERTIFICATE-----")) {
                findings.invalid(
                        CERTIFICATE,
                        "<certificate data>",
                        "must contain at least one CERTIFICATE PEM block");
            }
        } catch (IllegalArgumentException e) {
            findings.invalid(
                    CERTIFICATE, "<certificate data>", "must be base64: " + e.getMessage());
        }
    }

    /** Conditions with the times that their authors left out. */
    private static JsonNode timed(JsonNode conditions, Json before, Instant now) {
        ArrayNode timed = JsonNodeFactory.instance.arrayNode();
        String time = now.truncatedTo(ChronoUnit.SECONDS).toString();
        for (JsonNode condition : conditions) {
            ObjectNode one = condition.deepCopy();
            if (one.path("lastUpdateTime").asText().isEmpty()) {
                one.put("lastUpdateTime", time);
            }
            if (one.path("lastTransitionTime").asText().isEmpty()) {
                one.put("lastTransitionTime", since(one, before).orElse(time));
            }
            timed.add(one);
        }
        return timed;
    }

    private static Optional<String> since(JsonNode condition, Json before) {
        return conditions(before.toNode())
                .filter(old ->
                        Objects.equals(old.path("type"), condition.path("type"))
                                && Objects.equals(old.path("status"), condition.path("status")))
                .map(old -> old.path("lastTransitionTime").asText())
                .filter(text -> !text.isEmpty())
                .findFirst();
    }

    private static boolean approves(JsonNode condition) {
        String type = condition.path("type").asText();
        return type.equals(SigningRequest.APPROVED) || type.equals(SigningRequest.DENIED);
    }

    private static Set<String> types(JsonNode status) {
        Set<String> types = new HashSet<>();
        conditions(status).forEach(condition -> types.add(condition.path("type").asText()));
        return types;
    }

    private static Stream<JsonNode> conditions(JsonNode status) {
        return StreamSupport.stream(status.path("conditions").spliterator(), false);
    }
}
