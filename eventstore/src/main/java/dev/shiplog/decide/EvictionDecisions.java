package dev.shiplog.decide;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.command.ResourceCommand;
import dev.shiplog.event.ResourceEvent;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Propagation;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.state.ClusterState;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * Deletions that disruption budgets may forbid. What one uses of a budget is written down along with
 * it, so that two at once cannot use the same.
 */
final class EvictionDecisions {
    private EvictionDecisions() {}

    static Decision decide(ClusterState state, ResourceCommand.EvictPod c, Instant now) {
        Optional<Resource> found =
                state.resource(c.key()).filter(pod -> pod.uid().equals(c.uid()));
        if (found.isEmpty()) {
            return new Decision.Refused(Decision.Reason.NOT_FOUND, c.key() + " not found");
        }
        Resource pod = found.get();
        List<ResourceKey> budgets =
                state.resources(GroupKind.DISRUPTION_BUDGET, c.key().namespace()).stream()
                        .filter(budget -> Disruption.concerns(budget, pod))
                        .map(Resource::key)
                        .toList();
        Proposal proposal = new Proposal();
        if (disrupts(pod)) {
            if (!budgets.equals(c.budget().stream().toList())) {
                return new Decision.Refused(
                        Decision.Reason.STALE,
                        "expected the budgets " + c.budget() + ", found " + budgets);
            }
            Optional<Resource> budget = c.budget().flatMap(state::resource);
            if (budget.isPresent() && !free(state, budget.get(), pod)) {
                if (Disruption.of(state, budget.get()).allowed() <= 0) {
                    return new Decision.Refused(
                            Decision.Reason.STALE,
                            budget.get().key() + " allows no disruption now");
                }
                proposal.add(used(state, budget.get(), pod, now));
            }
        }
        Deletions.delete(
                state, pod, c.graceSeconds(), Propagation.BACKGROUND, -1, proposal, now);
        return proposal.orUnchanged(c.key() + " is being deleted");
    }

    /** One that has ended, or has not begun, or is going anyway, is missed by nobody. */
    private static boolean disrupts(Resource pod) {
        return pod.status().toNode().path("phase").asText("Pending").equals("Running")
                && !pod.metadata().deleting();
    }

    /** Whether an unhealthy pod may go without using up anything. */
    private static boolean free(ClusterState state, Resource budget, Resource pod) {
        if (Disruption.healthy(pod)) {
            return false;
        }
        JsonNode policy = budget.body().toNode().path("spec").path("unhealthyPodEvictionPolicy");
        Disruption stands = Disruption.of(state, budget);
        return policy.asText().equals("AlwaysAllow")
                || (stands.desired() > 0 && stands.healthy() >= stands.desired());
    }

    private static ResourceEvent used(
            ClusterState state, Resource budget, Resource pod, Instant now) {
        ObjectNode status = budget.status().toObject();
        status.put("disruptionsAllowed", Disruption.of(state, budget).allowed() - 1);
        status.withObject("/disruptedPods")
                .put(pod.key().name(), now.truncatedTo(ChronoUnit.SECONDS).toString());
        return new ResourceEvent.StatusChanged(budget.key(), budget.uid(), Json.of(status));
    }
}
