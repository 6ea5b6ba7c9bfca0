package dev.shiplog.api.delete;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Reply;
import dev.shiplog.api.Request;
import dev.shiplog.api.Status;
import dev.shiplog.api.body.Bodies;
import dev.shiplog.api.served.ServedResource;
import dev.shiplog.api.write.Commands;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Propagation;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.Selector;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * {@code pods/<name>/eviction}: a deletion that budgets may forbid. Always an event: a pod that Git
 * declares comes back, on another node.
 */
public final class Evictions {
    /** After how many seconds a client that was put off may try again. */
    private static final int RETRY_SECONDS = 10;

    private final Commands commands;
    private final Deletes deletes;

    public Evictions(Commands commands, Deletes deletes) {
        this.commands = commands;
        this.deletes = deletes;
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
        Resource pod =
                commands.state()
                        .resource(served.key(namespace, name))
                        .orElseThrow(() -> new ApiFailure(served.notFound(name)));
        Deletes.check(served, pod, options);
        List<Resource> budgets = budgets(pod);
        if (running(pod)) {
            if (budgets.size() > 1) {
                throw new ApiFailure(
                        Status.internal(
                                "This pod has more than one PodDisruptionBudget, which the"
                                        + " eviction subresource does not support."));
            }
            Optional<Resource> exhausted =
                    budgets.stream().filter(Evictions::exhausted).findFirst();
            if (exhausted.isPresent()) {
                return putOff(exhausted.get());
            }
        }
        deletes.delete(
                request, served, pod, options.removal(Propagation.BACKGROUND), options.dryRun());
        return Status.success(201, Json.EMPTY);
    }

    /** One that has ended, or has not begun, or is going anyway, disrupts nobody. */
    private static boolean running(Resource pod) {
        String phase = pod.status().toNode().path("phase").asText("Pending");
        return phase.equals("Running") && !pod.metadata().deleting();
    }

    private List<Resource> budgets(Resource pod) {
        return commands.state().resources(GroupKind.DISRUPTION_BUDGET, pod.key().namespace()).stream()
                .filter(budget ->
                        matches(
                                budget.body().toNode().path("spec").path("selector"),
                                pod.metadata().labels()))
                .toList();
    }

    private static boolean matches(JsonNode selector, SortedMap<String, String> labels) {
        return !selector.isMissingNode() && Selector.of(selector).matches(labels);
    }

    private static boolean exhausted(Resource budget) {
        return budget.status().toNode().path("disruptionsAllowed").asInt() <= 0;
    }

    private static Reply putOff(Resource budget) {
        JsonNode status = budget.status().toNode();
        ObjectNode details = Json.EMPTY.toObject();
        details.putArray("causes")
                .addObject()
                .put("reason", "DisruptionBudget")
                .put(
                        "message",
                        "The disruption budget %s needs %d healthy pods and has %d currently"
                                .formatted(
                                        budget.key().name(),
                                        status.path("desiredHealthy").asInt(),
                                        status.path("currentHealthy").asInt()));
        details.put("retryAfterSeconds", RETRY_SECONDS);
        Status failure =
                new Status(
                        429,
                        "TooManyRequests",
                        "Cannot evict pod as it would violate the pod's disruption budget.",
                        Json.of(details));
        TreeMap<String, String> headers = new TreeMap<>(failure.reply().headers());
        headers.put("Retry-After", String.valueOf(RETRY_SECONDS));
        return new Reply.Whole(429, headers, failure.json().bytes());
    }
}
