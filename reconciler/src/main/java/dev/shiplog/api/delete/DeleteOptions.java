package dev.shiplog.api.delete;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Query;
import dev.shiplog.api.Status;
import dev.shiplog.command.SourceCommand.Removal;
import dev.shiplog.resource.Propagation;
import dev.shiplog.resource.Uid;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * How to delete: {@code meta/v1 DeleteOptions}, from the body and the parameters.
 *
 * @param propagation empty if the client leaves it to the kind
 * @param version refused if the resource is at another one
 */
record DeleteOptions(
        OptionalLong graceSeconds,
        Optional<Propagation> propagation,
        Optional<Uid> uid,
        Optional<String> version,
        boolean dryRun) {
    /**
     * @param body the decoded body; an empty object if there was none
     */
    static DeleteOptions of(ObjectNode body, Query query) {
        OptionalLong grace = query.number("gracePeriodSeconds");
        JsonNode said = body.path("gracePeriodSeconds");
        if (said.isIntegralNumber()) {
            grace = OptionalLong.of(said.asLong());
        } else if (!said.isMissingNode() && !said.isNull()) {
            throw new ApiFailure(
                    Status.badRequest(
                            "the body is no DeleteOptions: gracePeriodSeconds: expected an integer,"
                                    + " found "
                                    + said));
        }
        if (grace.isPresent() && grace.getAsLong() < 0) {
            // As in Kubernetes: a negative grace period means the shortest.
            grace = OptionalLong.of(1);
        }
        String propagation =
                body.path("propagationPolicy").asText(query.first("propagationPolicy").orElse(""));
        JsonNode orphan = body.path("orphanDependents");
        boolean dryRun = query.first("dryRun").isPresent() || !body.path("dryRun").isEmpty();
        return new DeleteOptions(
                grace,
                propagation(
                        propagation,
                        orphan.isBoolean() ? orphan.asBoolean() : query.flag("orphanDependents"),
                        orphan.isBoolean()),
                text(body.path("preconditions").path("uid")).map(Uid::new),
                text(body.path("preconditions").path("resourceVersion")),
                dryRun);
    }

    /** How the live resource goes. */
    Removal removal(Propagation otherwise) {
        return new Removal(graceSeconds, propagation.orElse(otherwise));
    }

    private static Optional<String> text(JsonNode node) {
        return Optional.of(node.asText("")).filter(text -> !text.isEmpty());
    }

    private static Optional<Propagation> propagation(String word, boolean orphan, boolean said) {
        return switch (word) {
            case "" ->
                    orphan
                            ? Optional.of(Propagation.ORPHAN)
                            : said ? Optional.of(Propagation.BACKGROUND) : Optional.empty();
            case "Background" -> Optional.of(Propagation.BACKGROUND);
            case "Foreground" -> Optional.of(Propagation.FOREGROUND);
            case "Orphan" -> Optional.of(Propagation.ORPHAN);
            default ->
                    throw new ApiFailure(
                            Status.invalid(
                                    "DeleteOptions.meta.k8s.io",
                                    "",
                                    "propagationPolicy: Unsupported value: \""
                                            + word
                                            + "\": supported values: \"Foreground\","
                                            + " \"Background\", \"Orphan\", \"nil\""));
        };
    }
}
