package dev.shiplog.node.worker;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.resource.Json;

/** A pod's status on one line: short enough to read, long enough to miss nothing that matters. */
final class StatusLine {
    private StatusLine() {}

    static String of(Json status) {
        JsonNode root = status.toNode();
        StringBuilder line = new StringBuilder();
        line.append(root.path("phase").asText());
        append(line, root, "reason");
        append(line, root, "podIP");
        line.append(" conditions=");
        for (JsonNode condition : root.path("conditions")) {
            if (condition.path("status").asText().equals("True")) {
                line.append(initials(condition.path("type").asText())).append(',');
            }
        }
        root.path("initContainerStatuses").forEach(c -> container(line, c));
        root.path("containerStatuses").forEach(c -> container(line, c));
        root.path("ephemeralContainerStatuses").forEach(c -> container(line, c));
        return line.toString();
    }

    private static void container(StringBuilder line, JsonNode container) {
        line.append("\n      ").append(container.path("name").asText()).append(": ");
        state(line, container.path("state"));
        line.append(" restarts=").append(container.path("restartCount").asInt());
        line.append(container.path("ready").asBoolean() ? " ready" : "");
        boolean waits =
                container.path("state").has("running") && !container.path("started").asBoolean();
        line.append(waits ? " notStarted" : "");
        append(line, container, "containerID");
        if (container.path("lastState").has("terminated")) {
            line.append(" last=");
            state(line, container.path("lastState"));
        }
    }

    private static void state(StringBuilder line, JsonNode state) {
        state.properties()
                .forEach(entry -> {
                    line.append(entry.getKey());
                    JsonNode value = entry.getValue();
                    value.properties()
                            .forEach(member ->
                                    line.append(' ')
                                            .append(member.getKey())
                                            .append('=')
                                            .append(member.getValue().asText()));
                });
    }

    private static void append(StringBuilder line, JsonNode node, String name) {
        if (node.has(name)) {
            line.append(' ').append(name).append('=').append(node.path(name).asText());
        }
    }

    private static String initials(String type) {
        return switch (type) {
            case "PodReadyToStartContainers" -> "sandbox";
            case "PodScheduled" -> "scheduled";
            case "ContainersReady" -> "containersReady";
            default -> Character.toLowerCase(type.charAt(0)) + type.substring(1);
        };
    }
}
