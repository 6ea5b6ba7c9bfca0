package dev.shiplog.decide;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.command.ResourceCommand.Note;
import dev.shiplog.event.ResourceEvent.StatusChanged;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.kind.Kinds;
import dev.shiplog.state.ClusterState;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * What becomes of dependents that their namespace does not admit, or for which there is no room:
 * those before them are made, and the owner gets a note and, if its kind has it, the condition
 * {@code ReplicaFailure}. The same note is written once as long as it is served, so that a
 * controller that tries again and again does not fill the log.
 */
final class FailedCreates {
    private static final String REASON = "FailedCreate";
    private static final String CONDITION = "ReplicaFailure";

    /** The kinds whose controller takes the condition away when all dependents are there. */
    private static final List<GroupKind> WITH_CONDITION =
            List.of(GroupKind.REPLICA_SET, GroupKind.REPLICATION_CONTROLLER);

    private FailedCreates() {}

    /**
     * @param proposal the dependents that were admitted
     */
    static Decision decide(
            ClusterState state,
            Resource owner,
            String controller,
            ResourceKey dependent,
            String why,
            Instant now,
            Proposal proposal) {
        String refusal = forbidden(dependent, why);
        tell(state, owner, controller, refusal, why, now, proposal);
        return proposal.isEmpty()
                ? new Decision.Refused(Decision.Reason.FORBIDDEN, refusal)
                : proposal.orUnchanged("");
    }

    /** What becomes of an owner whose dependents were not even tried. */
    static Decision withheld(
            ClusterState state, Resource owner, String controller, String why, Instant now) {
        Proposal proposal = new Proposal();
        tell(state, owner, controller, why, why, now, proposal);
        return proposal.orUnchanged("");
    }

    private static void tell(
            ClusterState state,
            Resource owner,
            String controller,
            String message,
            String why,
            Instant now,
            Proposal proposal) {
        if (!noted(state, owner, why)) {
            proposal.add(
                    Proposal.noted(
                            Note.warning(
                                    owner.key(),
                                    owner.uid(),
                                    REASON,
                                    "Error creating: " + message,
                                    controller)));
        }
        if (WITH_CONDITION.contains(owner.key().kind())) {
            Json status = failing(owner.status(), message, why, now);
            if (!status.equals(owner.status())) {
                proposal.add(new StatusChanged(owner.key(), owner.uid(), status));
            }
        }
    }

    /** The status with a condition that says so; the same if it says so already. */
    private static Json failing(Json status, String message, String why, Instant now) {
        ObjectNode after = status.toObject();
        ArrayNode conditions = after.withArray("conditions");
        for (int i = 0; i < conditions.size(); i++) {
            if (conditions.get(i).path("type").asText().equals(CONDITION)) {
                if (conditions.get(i).path("message").asText().endsWith(why)) {
                    return status;
                }
                conditions.remove(i);
                break;
            }
        }
        conditions
                .addObject()
                .put("type", CONDITION)
                .put("status", "True")
                .put("lastTransitionTime", now.truncatedTo(ChronoUnit.SECONDS).toString())
                .put("reason", REASON)
                .put("message", message);
        return Json.of(after);
    }

    private static String forbidden(ResourceKey key, String why) {
        String group = key.kind().group();
        String plural =
                Kinds.of(key.kind())
                        .map(kind -> kind.plural() + (group.isEmpty() ? "" : "." + group))
                        .orElse(key.kind().toString());
        return plural + " \"" + key.name() + "\" is forbidden: " + why;
    }

    private static boolean noted(ClusterState state, Resource owner, String why) {
        for (Resource event : state.resources(GroupKind.EVENT, owner.key().namespace())) {
            JsonNode body = event.body().toNode();
            if (body.path("reason").asText().equals(REASON)
                    && body.path("involvedObject").path("uid").asText().equals(owner.uid().value())
                    && body.path("message").asText().endsWith(why)) {
                return true;
            }
        }
        return false;
    }
}
