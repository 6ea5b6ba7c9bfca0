package dev.shiplog.controller.clusterrole;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.command.ResourceCommand;
import dev.shiplog.controller.Controller;
import dev.shiplog.controller.Subjects;
import dev.shiplog.controller.Verdict;
import dev.shiplog.event.Recorded;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Selector;
import dev.shiplog.state.ClusterState;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Keeps the rules of a ClusterRole with an {@code aggregationRule} those of the roles that it
 * selects by label: each rule once, in the order of the roles' names. Other rules in it are
 * replaced, as in Kubernetes.
 */
public final class ClusterRoleController implements Controller {
    @Override
    public String name() {
        return "clusterrole-aggregation-controller";
    }

    @Override
    public Verdict reconcile(ClusterState state, ResourceKey key, Instant now) {
        return state.resource(key)
                .filter(role -> !role.metadata().deleting())
                .filter(ClusterRoleController::collects)
                .flatMap(role -> revision(state, role))
                .map(command -> new Verdict(List.of(command), Optional.empty()))
                .orElse(Verdict.DONE);
    }

    private static Optional<ResourceCommand> revision(ClusterState state, Resource role) {
        ObjectNode body = role.body().toObject();
        ArrayNode rules = JsonNodeFactory.instance.arrayNode();
        List<Selector> selectors = selectors(role);
        for (Resource other : state.resources(GroupKind.CLUSTER_ROLE)) {
            boolean selected =
                    !other.key().equals(role.key())
                            && selectors.stream()
                                    .anyMatch(s -> s.matches(other.metadata().labels()));
            if (selected) {
                add(rules, other.body().toNode().path("rules"));
            }
        }
        if (body.path("rules").equals(rules) || (rules.isEmpty() && !body.has("rules"))) {
            return Optional.empty();
        }
        body.set("rules", rules);
        return Optional.of(
                new ResourceCommand.ReviseResource(
                        role.key(),
                        role.uid(),
                        role.metadata().generation(),
                        Json.of(body),
                        Optional.empty(),
                        List.of()));
    }

    private static void add(ArrayNode rules, JsonNode more) {
        for (JsonNode rule : more) {
            boolean known = false;
            for (JsonNode existing : rules) {
                known |= existing.equals(rule);
            }
            if (!known) {
                rules.add(rule);
            }
        }
    }

    private static List<Selector> selectors(Resource role) {
        List<Selector> selectors = new ArrayList<>();
        for (JsonNode selector :
                role.body().toNode().path("aggregationRule").path("clusterRoleSelectors")) {
            selectors.add(Selector.of(selector));
        }
        return selectors;
    }

    private static boolean collects(Resource role) {
        return role.body().toNode().has("aggregationRule");
    }

    @Override
    public Collection<ResourceKey> wakes(Recorded event, ClusterState before, ClusterState after) {
        return Subjects.of(event.event())
                .filter(key -> key.kind().equals(GroupKind.CLUSTER_ROLE))
                .map(_ -> all(after))
                .orElse(List.of());
    }

    @Override
    public Collection<ResourceKey> all(ClusterState state) {
        return state.resources(GroupKind.CLUSTER_ROLE).stream()
                .filter(ClusterRoleController::collects)
                .map(Resource::key)
                .toList();
    }
}
