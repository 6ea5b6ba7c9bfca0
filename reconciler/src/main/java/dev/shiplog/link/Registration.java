package dev.shiplog.link;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.command.NodeCommand;
import dev.shiplog.node.link.ControlPlane.Introduction;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.state.ClusterState;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How a node that introduces itself again is merged with what is known of it: labels and the {@code
 * spec} that people gave it stay, and a condition that did not flip keeps its times. So a restart
 * that changed nothing records nothing.
 */
final class Registration {
    private Registration() {}

    static NodeCommand.RegisterNode command(Introduction introduction, ClusterState state) {
        Optional<Resource> known = state.resource(ResourceKey.node(introduction.node()));
        if (known.isEmpty()) {
            return new NodeCommand.RegisterNode(
                    introduction.node(),
                    introduction.labels(),
                    introduction.body(),
                    introduction.status());
        }
        return new NodeCommand.RegisterNode(
                introduction.node(),
                introduction.labels(),
                introduction.body(),
                withTimes(introduction.status(), known.get().status()));
    }

    private static Json withTimes(Json status, Json before) {
        Map<String, JsonNode> conditions = new HashMap<>();
        before.toNode()
                .path("conditions")
                .forEach(condition -> conditions.put(condition.path("type").asText(), condition));
        ObjectNode root = status.toObject();
        for (JsonNode condition : root.path("conditions")) {
            JsonNode old = conditions.get(condition.path("type").asText());
            if (old != null
                    && old.path("status").equals(condition.path("status"))
                    && condition instanceof ObjectNode mutable) {
                mutable.set("lastTransitionTime", old.path("lastTransitionTime"));
                mutable.set("lastHeartbeatTime", old.path("lastHeartbeatTime"));
            }
        }
        return Json.of(root);
    }
}
