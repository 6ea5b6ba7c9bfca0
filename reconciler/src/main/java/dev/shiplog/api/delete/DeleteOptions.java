package dev.shiplog.api.delete;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Query;
import dev.shiplog.api.Status;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Propagation;
import dev.shiplog.resource.Uid;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How to delete: {@code meta/v1 DeleteOptions}, from the body (JSON or protobuf) or the parameters.
 *
 * @param version refused if the resource is at another one
 */
record DeleteOptions(
        OptionalLong graceSeconds,
        Propagation propagation,
        Optional<Uid> uid,
        Optional<String> version,
        boolean dryRun) {
    static DeleteOptions of(byte[] body, Query query) {
        Raw raw = new Raw();
        raw.grace = query.number("gracePeriodSeconds");
        raw.propagation = query.first("propagationPolicy").orElse("");
        raw.orphan = query.flag("orphanDependents");
        raw.dryRun = query.first("dryRun").isPresent();
        try {
            if (Protobuf.isEnvelope(body)) {
                protobuf(body, raw);
            } else if (body.length > 0) {
                json(body, raw);
            }
        } catch (IllegalArgumentException e) {
            throw new ApiFailure(
                    Status.badRequest("the body is no DeleteOptions: " + e.getMessage()), e);
        }
        if (raw.grace.isPresent() && raw.grace.getAsLong() < 0) {
            // As in Kubernetes: a negative grace period means the shortest.
            raw.grace = OptionalLong.of(1);
        }
        return new DeleteOptions(
                raw.grace, propagation(raw), raw.uid.map(Uid::new), raw.version, raw.dryRun);
    }

    /** The members as they were found. */
    private static final class Raw {
        private OptionalLong grace = OptionalLong.empty();
        private String propagation = "";
        private boolean orphan;
        private Optional<String> uid = Optional.empty();
        private Optional<String> version = Optional.empty();
        private boolean dryRun;
    }

    private static void json(byte[] body, Raw raw) {
        JsonNode root = Json.parse(new String(body, StandardCharsets.UTF_8)).toNode();
        if (root.path("gracePeriodSeconds").isIntegralNumber()) {
            raw.grace = OptionalLong.of(root.path("gracePeriodSeconds").asLong());
        }
        if (root.path("propagationPolicy").isTextual()) {
            raw.propagation = root.path("propagationPolicy").asText();
        }
        raw.orphan |= root.path("orphanDependents").asBoolean(false);
        raw.uid = text(root.path("preconditions").path("uid"));
        raw.version = text(root.path("preconditions").path("resourceVersion"));
        raw.dryRun |= !root.path("dryRun").isEmpty();
    }

    private static Optional<String> text(JsonNode node) {
        return Optional.of(node.asText("")).filter(text -> !text.isEmpty());
    }

    /** Field numbers: k8s.io/apimachinery/pkg/apis/meta/v1/generated.proto. */
    private static void protobuf(byte[] body, Raw raw) {
        for (Protobuf.Field field : Protobuf.unwrap(body)) {
            switch (field.number()) {
                case 1 -> raw.grace = OptionalLong.of(field.value());
                case 2 -> {
                    for (Protobuf.Field precondition : Protobuf.fields(field.content())) {
                        if (precondition.number() == 1) {
                            raw.uid = Optional.of(precondition.text());
                        } else if (precondition.number() == 2) {
                            raw.version = Optional.of(precondition.text());
                        }
                    }
                }
                case 3 -> raw.orphan |= field.value() != 0;
                case 4 -> raw.propagation = field.text();
                case 5 -> raw.dryRun = true;
                default -> {
                    // A newer client's field that changes nothing here.
                }
            }
        }
    }

    private static Propagation propagation(Raw raw) {
        return switch (raw.propagation) {
            case "" -> raw.orphan ? Propagation.ORPHAN : Propagation.BACKGROUND;
            case "Background" -> Propagation.BACKGROUND;
            case "Foreground" -> Propagation.FOREGROUND;
            case "Orphan" -> Propagation.ORPHAN;
            default ->
                    throw new ApiFailure(
                            Status.of(
                                    422,
                                    "Invalid",
                                    "DeleteOptions.meta.k8s.io \"\" is invalid: propagationPolicy:"
                                            + " expected Background, Foreground or Orphan, found"
                                            + " \""
                                            + raw.propagation
                                            + "\""));
        };
    }
}
