package dev.shiplog.decide;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.command.ResourceCommand.Note;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.kind.Kinds;
import dev.shiplog.state.ClusterState;

/**
 * What becomes of dependents that their namespace does not admit: those before them are made, and
 * the owner gets a note. The same note is written once as long as it is served, so that a
 * controller that tries again and again does not fill the log.
 */
final class FailedCreates {
    private static final String REASON = "FailedCreate";

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
            Proposal proposal) {
        String refusal = forbidden(dependent, why);
        if (!noted(state, owner, why)) {
            proposal.add(
                    Proposal.noted(
                            Note.warning(
                                    owner.key(),
                                    owner.uid(),
                                    REASON,
                                    "Error creating: " + refusal,
                                    controller)));
        }
        return proposal.isEmpty()
                ? new Decision.Refused(Decision.Reason.FORBIDDEN, refusal)
                : proposal.orUnchanged("");
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
