package dev.shiplog.api.delete;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Reply;
import dev.shiplog.api.Request;
import dev.shiplog.api.Status;
import dev.shiplog.api.body.Bodies;
import dev.shiplog.api.served.ServedResource;
import dev.shiplog.api.write.Commands;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.decide.Decision;
import dev.shiplog.decide.Disruption;
import dev.shiplog.ledger.Outcome;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Propagation;
import dev.shiplog.resource.Resource;
import dev.shiplog.state.ClusterState;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * {@code pods/<name>/eviction}: a deletion that budgets may forbid. Always an event: a pod that Git
 * declares comes back, on another node.
 */
public final class Evictions {
    /** How often an eviction is decided anew because something about its budget changed. */
    private static final int ATTEMPTS = 5;

    private final Commands commands;

    public Evictions(Commands commands) {
        this.commands = commands;
    }

    /** Evicts one pod. */
    public Reply evict(
            Request request, ServedResource served, Optional<String> namespace, String name)
            throws IOException, InterruptedException {
        ObjectNode eviction = Bodies.read(request).document();
        String said = eviction.path("metadata").path("name").asText(name);
        if (!said.equals(name)) {
            throw new ApiFailure(
                    Status.badRequest("name in URL does not match name in Eviction object"));
        }
        ObjectNode asked =
                eviction.path("deleteOptions") instanceof ObjectNode options
                        ? options
                        : Json.EMPTY.toObject();
        DeleteOptions options = DeleteOptions.of(asked, request.query());
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            ClusterState state = commands.state();
            Resource pod =
                    state.resource(served.key(namespace, name))
                            .orElseThrow(() -> new ApiFailure(served.notFound(name)));
            Deletes.check(served, pod, options);
            List<Resource> budgets = budgets(state, pod);
            if (running(pod) && budgets.size() > 1) {
                throw new ApiFailure(
                        Status.internal(
                                "This pod has more than one PodDisruptionBudget, which the"
                                        + " eviction subresource does not support."));
            }
            Outcome outcome =
                    commands.submit(
                            request,
                            new ResourceCommand.EvictPod(
                                    pod.key(),
                                    pod.uid(),
                                    budgets.stream().map(Resource::key).findFirst(),
                                    options.removal(Propagation.BACKGROUND).graceSeconds()),
                            options.dryRun());
            boolean stale =
                    outcome instanceof Outcome.Refused(var reason, var _)
                            && reason == Decision.Reason.STALE;
            if (!stale) {
                Commands.check(served, name, outcome);
                return Status.success(201, Json.EMPTY);
            }
            if (!budgets.isEmpty()) {
                Disruption stands = Disruption.of(commands.state(), budgets.getFirst());
                if (stands.allowed() <= 0) {
                    return putOff(budgets.getFirst(), stands);
                }
            }
        }
        throw new ApiFailure(
                Status.conflict(
                        served.group(),
                        served.plural(),
                        name,
                        "its disruption budget changes faster than this eviction; try again"));
    }

    /** One that has ended, or has not begun, or is going anyway, disrupts nobody. */
    private static boolean running(Resource pod) {
        String phase = pod.status().toNode().path("phase").asText("Pending");
        return phase.equals("Running") && !pod.metadata().deleting();
    }

    private static List<Resource> budgets(ClusterState state, Resource pod) {
        return state.resources(GroupKind.DISRUPTION_BUDGET, pod.key().namespace()).stream()
                .filter(budget -> Disruption.concerns(budget, pod))
                .toList();
    }

    /**
     * As Kubernetes does, without a time to try again: clients would wait for it silently, many
     * times over, where {@code kubectl drain} says why it waits and keeps to its own timeout.
     */
    private static Reply putOff(Resource budget, Disruption stands) {
        ObjectNode details = Json.EMPTY.toObject();
        details.putArray("causes")
                .addObject()
                .put("reason", "DisruptionBudget")
                .put(
                        "message",
                        "The disruption budget %s needs %d healthy pods and has %d currently"
                                .formatted(
                                        budget.key().name(), stands.desired(), stands.healthy()));
        return new Status(
                        429,
                        "TooManyRequests",
                        "Cannot evict pod as it would violate the pod's disruption budget.",
                        Json.of(details))
                .reply();
    }
}
