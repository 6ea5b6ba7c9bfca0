package dev.shiplog.controller.ingress;

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
import dev.shiplog.resource.IngressClasses;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.state.ClusterState;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Says in each Ingress under which addresses it is answered: those of all nodes that are ready, for
 * each of them runs the proxy. An Ingress of a class that others take care of is theirs.
 */
public final class IngressController implements Controller {
    @Override
    public String name() {
        return "ingress-controller";
    }

    @Override
    public Collection<ResourceKey> wakes(Recorded event, ClusterState before, ClusterState after) {
        Optional<ResourceKey> subject = Subjects.of(event.event());
        if (subject.isEmpty()) {
            return List.of();
        }
        ResourceKey key = subject.get();
        if (key.kind().equals(GroupKind.INGRESS)) {
            return List.of(key);
        }
        boolean all =
                key.kind().equals(GroupKind.INGRESS_CLASS)
                        || key.kind().equals(GroupKind.NODE)
                                && !address(before, key).equals(address(after, key));
        return all ? all(after) : List.of();
    }

    private static Optional<String> address(ClusterState state, ResourceKey node) {
        return state.resource(node).flatMap(IngressController::address);
    }

    @Override
    public Collection<ResourceKey> all(ClusterState state) {
        return state.resources(GroupKind.INGRESS).stream().map(Resource::key).toList();
    }

    @Override
    public Verdict reconcile(ClusterState state, ResourceKey key, Instant now) {
        Optional<Resource> found = state.resource(key);
        if (found.isEmpty() || found.get().metadata().deleting()) {
            return Verdict.DONE;
        }
        Resource ingress = found.get();
        if (!IngressClasses.ours(ingress, state::resource)) {
            return Verdict.DONE;
        }
        Json status = status(state, ingress);
        return status.equals(ingress.status())
                ? Verdict.DONE
                : new Verdict(
                        List.of(new ResourceCommand.UpdateStatus(key, ingress.uid(), status)),
                        Optional.empty());
    }

    private static Json status(ClusterState state, Resource ingress) {
        TreeSet<String> addresses = new TreeSet<>();
        for (Resource node : state.resources(GroupKind.NODE)) {
            address(node).ifPresent(addresses::add);
        }
        ObjectNode status =
                ingress.status().toNode() instanceof ObjectNode before
                        ? before.deepCopy()
                        : JsonNodeFactory.instance.objectNode();
        ObjectNode balancer = status.putObject("loadBalancer");
        if (!addresses.isEmpty()) {
            ArrayNode points = balancer.putArray("ingress");
            addresses.forEach(address -> points.addObject().put("ip", address));
        }
        return Json.of(status);
    }

    /** A node's address in its network, while it is ready. */
    private static Optional<String> address(Resource node) {
        JsonNode status = node.status().toNode();
        boolean ready = false;
        for (JsonNode condition : status.path("conditions")) {
            ready |=
                    condition.path("type").asText().equals("Ready")
                            && condition.path("status").asText().equals("True");
        }
        if (!ready || node.metadata().deleting()) {
            return Optional.empty();
        }
        for (JsonNode address : status.path("addresses")) {
            if (address.path("type").asText().equals("InternalIP")) {
                return Optional.of(address.path("address").asText());
            }
        }
        return Optional.empty();
    }
}
