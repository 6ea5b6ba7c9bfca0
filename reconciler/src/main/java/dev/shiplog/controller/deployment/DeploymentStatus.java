package dev.shiplog.controller.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.Json;
import dev.shiplog.status.Condition;
import dev.shiplog.status.Condition.Updates;
import dev.shiplog.status.Conditions;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The status of a Deployment, in Kubernetes' words ({@code progress.go}, {@code sync.go}).
 *
 * @param status the whole of it
 * @param complete whether every replica is of the current template and available
 * @param deadline when a rollout that makes no progress until then has failed
 */
record DeploymentStatus(Json status, boolean complete, Optional<Instant> deadline) {
    private static final String PROGRESSING = "Progressing";
    private static final String FAILURE = "ReplicaFailure";

    /** Reasons after which no deadline runs. */
    private static final List<String> SETTLED =
            List.of("NewReplicaSetAvailable", "ProgressDeadlineExceeded", "DeploymentPaused");

    /**
     * @param created the name of the ReplicaSet that is being made for the rollout; empty if none
     *     is
     */
    static DeploymentStatus of(
            DeploymentWish wish, ReplicaSets sets, Optional<String> created, Instant now) {
        JsonNode before = wish.owner().status().toNode();
        ObjectNode after = wish.owner().status().toObject();
        int replicas = sets.sum(set -> set.counts().live());
        int updated = sets.current().map(set -> set.counts().live()).orElse(0);
        int ready = sets.sum(set -> set.counts().ready());
        int available = sets.sum(set -> set.counts().available());
        int unavailable = Math.max(0, sets.sum(ReplicaSetView::wished) - available);
        after.put("observedGeneration", wish.owner().metadata().generation());
        put(after, "replicas", replicas);
        put(after, "updatedReplicas", updated);
        put(after, "readyReplicas", ready);
        put(after, "availableReplicas", available);
        put(after, "unavailableReplicas", unavailable);
        boolean complete =
                sets.current().isPresent()
                        && updated == wish.replicas()
                        && replicas == wish.replicas()
                        && available == wish.replicas();
        List<Condition> found = new ArrayList<>();
        found.add(availability(wish, available));
        progress(wish, sets, before, after, complete, created, now).ifPresent(found::add);
        Optional<Condition> failure = failure(sets);
        failure.ifPresent(found::add);
        after.set("conditions", Conditions.merge(before.path("conditions"), found, now));
        if (failure.isEmpty()) {
            Conditions.remove(after, FAILURE);
        }
        Json status = Json.of(after);
        return new DeploymentStatus(status, complete, deadline(wish, after).filter(now::isBefore));
    }

    /** That pods could not be created, as the newest ReplicaSet has it that says so. */
    private static Optional<Condition> failure(ReplicaSets sets) {
        return Stream.concat(sets.current().stream(), sets.old().reversed().stream())
                .flatMap(set ->
                        Conditions.find(
                                set.resource().status().toNode().path("conditions"), FAILURE)
                                .stream())
                .findFirst()
                .map(condition ->
                        new Condition(
                                FAILURE,
                                condition.path("status").asText(),
                                condition.path("reason").asText(),
                                condition.path("message").asText(),
                                Updates.ON_CHANGE));
    }

    private static Condition availability(DeploymentWish wish, int available) {
        return available >= wish.floor()
                ? new Condition(
                        "Available",
                        "True",
                        "MinimumReplicasAvailable",
                        "Deployment has minimum availability.",
                        Updates.ON_CHANGE)
                : new Condition(
                        "Available",
                        "False",
                        "MinimumReplicasUnavailable",
                        "Deployment does not have minimum availability.",
                        Updates.ON_CHANGE);
    }

    private static Optional<Condition> progress(
            DeploymentWish wish,
            ReplicaSets sets,
            JsonNode before,
            JsonNode after,
            boolean complete,
            Optional<String> created,
            Instant now) {
        Optional<JsonNode> last = Conditions.find(before.path("conditions"), PROGRESSING);
        String reason = last.map(condition -> condition.path("reason").asText()).orElse("");
        if (wish.progressDeadline().isEmpty()) {
            return Optional.empty();
        }
        if (wish.paused()) {
            return Optional.of(progressing("Unknown", "DeploymentPaused", "Deployment is paused"));
        }
        if (reason.equals("DeploymentPaused")) {
            return Optional.of(
                    progressing("Unknown", "DeploymentResumed", "Deployment is resumed"));
        }
        if (created.isPresent()) {
            return Optional.of(
                    news(
                            "NewReplicaSetCreated",
                            "Created new replica set \"" + created.get() + "\""));
        }
        String subject =
                sets.current()
                        .map(set -> "ReplicaSet \"" + set.name() + "\"")
                        .orElse("Deployment \"" + wish.name() + "\"");
        boolean rolledOut =
                reason.equals("NewReplicaSetAvailable")
                        && after.path("replicas").equals(after.path("updatedReplicas"));
        if (complete) {
            return Optional.of(
                    progressing(
                            "True",
                            "NewReplicaSetAvailable",
                            subject + " has successfully progressed."));
        }
        if (rolledOut) {
            return Optional.empty();
        }
        if (last.isEmpty() && sets.current().isPresent()) {
            return Optional.of(
                    news(
                            "FoundNewReplicaSet",
                            "Found new replica set \"" + sets.current().get().name() + "\""));
        }
        if (advanced(before, after)) {
            return Optional.of(news("ReplicaSetUpdated", subject + " is progressing."));
        }
        boolean late =
                deadline(wish, before).filter(deadline -> !now.isBefore(deadline)).isPresent();
        return late || reason.equals("ProgressDeadlineExceeded")
                ? Optional.of(
                        progressing(
                                "False",
                                "ProgressDeadlineExceeded",
                                subject + " has timed out progressing."))
                : Optional.empty();
    }

    /** Whether a rollout came nearer to its end. */
    private static boolean advanced(JsonNode before, JsonNode after) {
        return count(after, "updatedReplicas") > count(before, "updatedReplicas")
                || old(after) < old(before)
                || count(after, "readyReplicas") > count(before, "readyReplicas")
                || count(after, "availableReplicas") > count(before, "availableReplicas");
    }

    private static int old(JsonNode status) {
        return count(status, "replicas") - count(status, "updatedReplicas");
    }

    /** When the rollout that a status speaks of must have made its next progress. */
    private static Optional<Instant> deadline(DeploymentWish wish, JsonNode status) {
        return wish.progressDeadline()
                .flatMap(deadline ->
                        Conditions.find(status.path("conditions"), PROGRESSING)
                                .filter(condition ->
                                        !SETTLED.contains(condition.path("reason").asText()))
                                .map(condition ->
                                        Instant.parse(condition.path("lastUpdateTime").asText())
                                                .plus(deadline)));
    }

    private static Condition progressing(String status, String reason, String message) {
        return new Condition(PROGRESSING, status, reason, message, Updates.ON_CHANGE);
    }

    private static Condition news(String reason, String message) {
        return new Condition(PROGRESSING, "True", reason, message, Updates.NOW);
    }

    private static int count(JsonNode status, String name) {
        return status.path(name).asInt(0);
    }

    private static void put(ObjectNode status, String name, int count) {
        if (count == 0) {
            status.remove(name);
        } else {
            status.put(name, count);
        }
    }
}
