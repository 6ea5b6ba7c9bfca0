package dev.shiplog.node.report;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.node.plan.ContainerState;
import dev.shiplog.node.plan.ContainerView;
import dev.shiplog.node.plan.ContainerView.Role;
import dev.shiplog.node.plan.PodHistory;
import dev.shiplog.node.plan.PodPhase;
import dev.shiplog.resource.Json;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Reads what {@link PodStatusWriter} wrote: how a restarted node takes a pod up again. */
public final class PodStatusReader {
    private PodStatusReader() {}

    /** What is to be remembered of a pod that the node takes up now. */
    public static PodHistory history(Json status, Instant now) {
        JsonNode root = status.toNode();
        List<ContainerView> views = new ArrayList<>();
        root.path("initContainerStatuses").forEach(node -> views.add(view(node, Role.INIT)));
        root.path("containerStatuses").forEach(node -> views.add(view(node, Role.MAIN)));
        root.path("ephemeralContainerStatuses")
                .forEach(node -> views.add(view(node, Role.EPHEMERAL)));
        PodPhase phase =
                new PodPhase(
                        root.path("phase").asText("Pending"),
                        root.path("reason").asText(""),
                        root.path("message").asText(""));
        return PodHistory.begin(time(root, "startTime").orElse(now), views, phase);
    }

    /** The names of the containers that a status says are ready. */
    public static Set<String> ready(Json status) {
        JsonNode root = status.toNode();
        Set<String> names = new TreeSet<>();
        for (String list : List.of("initContainerStatuses", "containerStatuses")) {
            for (JsonNode container : root.path(list)) {
                if (container.path("ready").asBoolean()) {
                    names.add(container.path("name").asText());
                }
            }
        }
        return names;
    }

    private static ContainerView view(JsonNode node, Role role) {
        return new ContainerView(
                node.path("name").asText(),
                role,
                state(node.path("state")),
                node.path("started").asBoolean(),
                node.path("ready").asBoolean(),
                terminated(node.path("lastState").path("terminated")),
                node.path("restartCount").asInt(),
                node.path("image").asText(),
                node.path("imageID").asText(),
                ownId(node));
    }

    private static ContainerState state(JsonNode node) {
        Optional<ContainerState.Terminated> ended = terminated(node.path("terminated"));
        if (ended.isPresent()) {
            return ended.get();
        }
        Optional<Instant> started = time(node.path("running"), "startedAt");
        if (started.isPresent()) {
            return new ContainerState.Running(started.get());
        }
        return new ContainerState.Waiting(
                node.path("waiting").path("reason").asText(),
                node.path("waiting").path("message").asText());
    }

    private static Optional<ContainerState.Terminated> terminated(JsonNode node) {
        return time(node, "finishedAt")
                .map(finished ->
                        new ContainerState.Terminated(
                                node.path("exitCode").asInt(),
                                node.path("reason").asText(),
                                node.path("message").asText(),
                                time(node, "startedAt"),
                                finished,
                                ownId(node)));
    }

    private static Optional<Instant> time(JsonNode node, String name) {
        return node.path(name).isTextual()
                ? Optional.of(Instant.parse(node.path(name).asText()))
                : Optional.empty();
    }

    private static String ownId(JsonNode node) {
        String id = node.path("containerID").asText();
        return id.substring(id.indexOf("://") < 0 ? 0 : id.indexOf("://") + 3);
    }
}
