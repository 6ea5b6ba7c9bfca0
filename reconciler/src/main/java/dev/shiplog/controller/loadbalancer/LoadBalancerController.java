package dev.shiplog.controller.loadbalancer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.command.Command;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.controller.Controller;
import dev.shiplog.controller.Subjects;
import dev.shiplog.controller.Verdict;
import dev.shiplog.event.Recorded;
import dev.shiplog.resource.AddressPool;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.state.ClusterState;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A load balancer where there is no cloud: a Service of type LoadBalancer is given an address of
 * the cluster's pool, or where there is none the addresses of the nodes, which forward its ports;
 * one that asks for an address gets that. With a local-only policy, only nodes with endpoints. What
 * an older Service has on a node, a younger one does not get there.
 */
public final class LoadBalancerController implements Controller {
    /** A node with this label is left out, whatever its value. */
    private static final String EXCLUDED =
            "node.kubernetes.io/exclude-from-external-load-balancers";

    /** As Kubernetes' service controller notes it. */
    private static final String REASON = "SyncLoadBalancerFailed";

    private static final String FAILED =
            "Error syncing load balancer: failed to ensure load balancer: ";

    private static final String SERVICE_NAME = "kubernetes.io/service-name";

    @Override
    public String name() {
        return "service-lb-controller";
    }

    @Override
    public Verdict reconcile(ClusterState state, ResourceKey key, Instant now) {
        Optional<Resource> found =
                state.resource(key).filter(service -> !service.metadata().deleting());
        if (found.isEmpty() || !ours(found.get())) {
            return Verdict.DONE;
        }
        Resource service = found.get();
        List<String> addresses = balances(service) ? addresses(state, service) : List.of();
        Json status = status(service, addresses);
        List<Command> commands = new ArrayList<>();
        if (!status.equals(service.status())) {
            commands.add(new ResourceCommand.UpdateStatus(key, service.uid(), status));
        }
        if (balances(service) && addresses.isEmpty()) {
            inItsWay(state, service)
                    .filter(why -> !noted(state, service, why))
                    .ifPresent(why ->
                            commands.add(
                                    new ResourceCommand.AddNote(
                                            ResourceCommand.Note.warning(
                                                    key, service.uid(), REASON, why, name()))));
        }
        return commands.isEmpty() ? Verdict.DONE : new Verdict(commands, Optional.empty());
    }

    /**
     * Why a Service gets no address that others have. Nodes and endpoints that are not ready yet
     * are seen elsewhere.
     */
    private static Optional<String> inItsWay(ClusterState state, Resource service) {
        String asked = spec(service).path("loadBalancerIP").asText();
        if (asked.isEmpty() && AddressPool.of(state.resource(AddressPool.KEY)).isPresent()) {
            return Optional.of(FAILED + "other Services have all addresses of the pool");
        }
        List<String> wanted = asked.isEmpty() ? nodes(state, service) : List.of(asked);
        return wanted.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        FAILED + "other Services have its ports at " + String.join(", ", wanted));
    }

    /** Whether that was said already, and is not forgotten yet. */
    private static boolean noted(ClusterState state, Resource service, String why) {
        return state.resources(GroupKind.EVENT, service.key().namespace()).stream()
                .map(event -> event.body().toNode())
                .anyMatch(event ->
                        event.path("reason").asText().equals(REASON)
                                && event.path("message").asText().equals(why)
                                && event.path("involvedObject")
                                        .path("uid")
                                        .asText()
                                        .equals(service.uid().value()));
    }

    /** Also one that was balanced before: it must not keep addresses. */
    private static boolean ours(Resource service) {
        boolean addressed =
                !service.status().toNode().path("loadBalancer").path("ingress").isEmpty();
        return spec(service).path("loadBalancerClass").asText().isEmpty()
                && (balances(service) || addressed);
    }

    private static boolean balances(Resource service) {
        return spec(service).path("type").asText().equals("LoadBalancer");
    }

    private static JsonNode spec(Resource service) {
        return service.body().toNode().path("spec");
    }

    private static Json status(Resource service, List<String> addresses) {
        ObjectNode root = service.status().toObject();
        ObjectNode balancer = root.putObject("loadBalancer");
        if (!addresses.isEmpty()) {
            ArrayNode ingress = balancer.putArray("ingress");
            addresses.forEach(
                    address -> ingress.addObject().put("ip", address).put("ipMode", "VIP"));
        }
        return Json.of(root);
    }

    private static List<String> addresses(ClusterState state, Resource service) {
        String asked = spec(service).path("loadBalancerIP").asText();
        Optional<AddressPool> pool = AddressPool.of(state.resource(AddressPool.KEY));
        if (asked.isEmpty() && pool.isPresent()) {
            return ofPool(state, service, pool.get()).map(List::of).orElse(List.of());
        }
        List<String> candidates = asked.isEmpty() ? nodes(state, service) : List.of(asked);
        SortedSet<String> taken = taken(state, service);
        SortedSet<String> ports = ports(service);
        return candidates.stream()
                .filter(address ->
                        ports.stream().noneMatch(port -> taken.contains(address + "/" + port)))
                .toList();
    }

    /** The one that it has, or else the first that no other Service has. */
    private static Optional<String> ofPool(ClusterState state, Resource service, AddressPool pool) {
        SortedSet<String> others = new TreeSet<>();
        for (Resource other : state.resources(GroupKind.SERVICE)) {
            if (balances(other) && !other.key().equals(service.key())) {
                others.addAll(given(other));
                others.add(spec(other).path("loadBalancerIP").asText());
            }
        }
        return Stream.concat(
                        given(service).stream()
                                .filter(address -> pool.addresses().anyMatch(address::equals)),
                        pool.addresses())
                .filter(address -> !others.contains(address))
                .findFirst();
    }

    private static List<String> given(Resource service) {
        List<String> given = new ArrayList<>();
        service.status()
                .toNode()
                .path("loadBalancer")
                .path("ingress")
                .forEach(ingress -> given.add(ingress.path("ip").asText()));
        return given;
    }

    /** The addresses of nodes that are ready and have endpoints if that matters. */
    private static List<String> nodes(ClusterState state, Resource service) {
        boolean local = spec(service).path("externalTrafficPolicy").asText().equals("Local");
        SortedSet<String> serving = local ? serving(state, service) : new TreeSet<>();
        List<String> addresses = new ArrayList<>();
        for (Resource node : state.resources(GroupKind.NODE)) {
            boolean fit =
                    ready(node)
                            && !node.metadata().labels().containsKey(EXCLUDED)
                            && (!local || serving.contains(node.key().name()));
            if (fit) {
                for (JsonNode address : node.status().toNode().path("addresses")) {
                    if (address.path("type").asText().equals("InternalIP")) {
                        addresses.add(address.path("address").asText());
                    }
                }
            }
        }
        return addresses;
    }

    private static boolean ready(Resource node) {
        for (JsonNode condition : node.status().toNode().path("conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                return condition.path("status").asText().equals("True");
            }
        }
        return false;
    }

    /** The nodes on which endpoints of a Service are ready. */
    private static SortedSet<String> serving(ClusterState state, Resource service) {
        SortedSet<String> nodes = new TreeSet<>();
        for (Resource slice :
                state.resources(GroupKind.ENDPOINT_SLICE, service.key().namespace())) {
            if (!service.key().name().equals(slice.metadata().labels().get(SERVICE_NAME))) {
                continue;
            }
            for (JsonNode endpoint : slice.body().toNode().path("endpoints")) {
                if (endpoint.path("conditions").path("ready").asBoolean(true)) {
                    nodes.add(endpoint.path("nodeName").asText());
                }
            }
        }
        return nodes;
    }

    /** What older ones have already, as {@code address/port/protocol}. */
    private static SortedSet<String> taken(ClusterState state, Resource service) {
        SortedSet<String> taken = new TreeSet<>();
        for (Resource other : state.resources(GroupKind.SERVICE)) {
            if (older(other, service) && balances(other)) {
                for (JsonNode ingress :
                        other.status().toNode().path("loadBalancer").path("ingress")) {
                    ports(other)
                            .forEach(port -> taken.add(ingress.path("ip").asText() + "/" + port));
                }
            }
        }
        return taken;
    }

    /** One order for all, so that two that want the same do not both give way. */
    private static boolean older(Resource one, Resource other) {
        int byAge = one.metadata().created().compareTo(other.metadata().created());
        return byAge != 0 ? byAge < 0 : one.key().compareTo(other.key()) < 0;
    }

    private static SortedSet<String> ports(Resource service) {
        SortedSet<String> ports = new TreeSet<>();
        for (JsonNode port : spec(service).path("ports")) {
            ports.add(port.path("port").asText() + "/" + port.path("protocol").asText("TCP"));
        }
        return ports;
    }

    @Override
    public Collection<ResourceKey> wakes(Recorded event, ClusterState before, ClusterState after) {
        Optional<ResourceKey> subject = Subjects.of(event.event());
        if (subject.isEmpty()) {
            return List.of();
        }
        ResourceKey key = subject.get();
        if (key.kind().equals(GroupKind.SERVICE)) {
            // What one gives up, another may wait for.
            boolean balancer =
                    before.resource(key).filter(LoadBalancerController::balances).isPresent();
            return balancer ? withOthers(key, after) : List.of(key);
        }
        if (key.kind().equals(GroupKind.NODE) || key.equals(AddressPool.KEY)) {
            return all(after);
        }
        if (key.kind().equals(GroupKind.ENDPOINT_SLICE)) {
            return after.resource(key)
                    .or(() -> before.resource(key))
                    .map(slice -> slice.metadata().labels().getOrDefault(SERVICE_NAME, ""))
                    .map(name -> new ResourceKey(GroupKind.SERVICE, key.namespace(), name))
                    .filter(service ->
                            after.resource(service)
                                    .filter(LoadBalancerController::balances)
                                    .isPresent())
                    .map(List::of)
                    .orElse(List.of());
        }
        return List.of();
    }

    private Collection<ResourceKey> withOthers(ResourceKey key, ClusterState state) {
        SortedSet<ResourceKey> keys = new TreeSet<>(all(state));
        keys.add(key);
        return keys;
    }

    @Override
    public Collection<ResourceKey> all(ClusterState state) {
        return state.resources(GroupKind.SERVICE).stream()
                .filter(LoadBalancerController::ours)
                .map(Resource::key)
                .toList();
    }
}
