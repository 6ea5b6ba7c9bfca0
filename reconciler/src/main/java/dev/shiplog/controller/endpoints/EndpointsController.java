package dev.shiplog.controller.endpoints;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.command.Command;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.controller.Controller;
import dev.shiplog.controller.Owners;
import dev.shiplog.controller.Subjects;
import dev.shiplog.controller.Verdict;
import dev.shiplog.event.Recorded;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.state.ClusterState;

import io.fabric8.kubernetes.api.model.Service;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Says which pods stand behind each Service: an Endpoints object of the Service's name, and
 * EndpointSlices. Endpoints that somebody wrote for a Service without a selector are left alone,
 * and mirrored into slices.
 */
public final class EndpointsController implements Controller {
    private static final String SLICE_MANAGER = "endpointslice-controller";
    private static final String MIRROR_MANAGER = "endpointslicemirroring-controller";

    @Override
    public String name() {
        return "endpoints-controller";
    }

    @Override
    public Verdict reconcile(ClusterState state, ResourceKey key, Instant now) {
        Optional<Resource> found =
                state.resource(key).filter(service -> !service.metadata().deleting());
        if (found.isEmpty()) {
            return Verdict.DONE;
        }
        Resource service = found.get();
        Optional<Resource> endpoints = state.resource(endpointsKey(key));
        List<Command> commands =
                selector(service)
                        .map(selector -> ofPods(state, service, selector, endpoints))
                        .orElseGet(() ->
                                endpoints
                                        .filter(written -> !Owners.controls(service, written))
                                        .map(written -> mirrored(state, service, written))
                                        .orElse(List.of()));
        return new Verdict(commands, Optional.empty());
    }

    private static List<Command> ofPods(
            ClusterState state,
            Resource service,
            Map<String, String> selector,
            Optional<Resource> endpoints) {
        List<Backend> backends =
                state.podsLabelled(service.key().namespace(), selector).stream()
                        .flatMap(pod -> Backend.of(service, pod).stream())
                        .toList();
        List<Command> commands = new ArrayList<>();
        endpoints(service, endpoints, Subsets.body(backends)).ifPresent(commands::add);
        SortedMap<String, List<Slices.Endpoint>> byPorts = new TreeMap<>();
        for (Backend backend : backends) {
            byPorts.computeIfAbsent(Slices.key(backend.ports()), _ -> new ArrayList<>())
                    .add(endpoint(backend));
        }
        if (byPorts.isEmpty()) {
            byPorts.put(Slices.key(List.of()), List.of());
        }
        commands.addAll(
                new Slices(state, service, service.key().name(), SLICE_MANAGER).commands(byPorts));
        return commands;
    }

    private static Optional<Command> endpoints(
            Resource service, Optional<Resource> live, Json body) {
        if (live.isEmpty()) {
            return Optional.of(
                    new ResourceCommand.CreateDependents(
                            "endpoints-controller",
                            service.key(),
                            service.uid(),
                            service.metadata().generation(),
                            0,
                            List.of(
                                    new ResourceCommand.Dependent(
                                            GroupKind.ENDPOINTS,
                                            "v1",
                                            Optional.of(service.key().name()),
                                            service.metadata().labels(),
                                            new TreeMap<>(),
                                            List.of(),
                                            body))));
        }
        Resource endpoints = live.get();
        boolean ours = Owners.controls(service, endpoints) && !endpoints.metadata().deleting();
        return ours && !endpoints.body().equals(body)
                ? Optional.of(
                        new ResourceCommand.ReviseResource(
                                endpoints.key(),
                                endpoints.uid(),
                                endpoints.metadata().generation(),
                                body,
                                Optional.empty(),
                                List.of()))
                : Optional.empty();
    }

    private static Slices.Endpoint endpoint(Backend backend) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.putArray("addresses").add(backend.ip());
        conditions(node, backend.ready(), backend.serving(), backend.terminating());
        if (!backend.hostname().isEmpty()) {
            node.put("hostname", backend.hostname());
        }
        if (!backend.node().isEmpty()) {
            node.put("nodeName", backend.node());
        }
        Subsets.target(backend, node.putObject("targetRef"));
        return new Slices.Endpoint(Slices.id(node), node);
    }

    private static void conditions(
            ObjectNode endpoint, boolean ready, boolean serving, boolean terminating) {
        endpoint.putObject("conditions")
                .put("ready", ready)
                .put("serving", serving)
                .put("terminating", terminating);
    }

    /** Endpoints that somebody wrote, as slices that live with them. */
    private static List<Command> mirrored(ClusterState state, Resource service, Resource written) {
        SortedMap<String, List<Slices.Endpoint>> byPorts = new TreeMap<>();
        for (JsonNode subset : written.body().toNode().path("subsets")) {
            List<Slices.Endpoint> group =
                    byPorts.computeIfAbsent(
                            Slices.key(ports(subset.path("ports"))), _ -> new ArrayList<>());
            subset.path("addresses").forEach(address -> group.add(mirror(address, true)));
            subset.path("notReadyAddresses").forEach(address -> group.add(mirror(address, false)));
        }
        return new Slices(state, written, service.key().name(), MIRROR_MANAGER).commands(byPorts);
    }

    private static List<Backend.Port> ports(JsonNode ports) {
        List<Backend.Port> all = new ArrayList<>();
        for (JsonNode port : ports) {
            all.add(
                    new Backend.Port(
                            port.path("name").asText(),
                            port.path("port").asInt(),
                            port.path("protocol").asText("TCP"),
                            port.path("appProtocol").asText()));
        }
        return all;
    }

    private static Slices.Endpoint mirror(JsonNode address, boolean ready) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.putArray("addresses").add(address.path("ip").asText());
        conditions(node, ready, ready, false);
        for (String name : List.of("hostname", "nodeName", "targetRef")) {
            if (address.has(name)) {
                node.set(name, address.path(name));
            }
        }
        return new Slices.Endpoint(Slices.id(node), node);
    }

    /** What the Service chooses pods by; empty if it chooses none by itself. */
    private static Optional<Map<String, String>> selector(Resource service) {
        Service view = service.as(Service.class);
        Map<String, String> labels = view.getSpec().getSelector();
        boolean none =
                labels == null
                        || labels.isEmpty()
                        || "ExternalName".equals(view.getSpec().getType());
        return none ? Optional.empty() : Optional.of(labels);
    }

    private static ResourceKey endpointsKey(ResourceKey service) {
        return new ResourceKey(GroupKind.ENDPOINTS, service.namespace(), service.name());
    }

    @Override
    public Collection<ResourceKey> wakes(Recorded event, ClusterState before, ClusterState after) {
        Optional<ResourceKey> subject = Subjects.of(event.event());
        if (subject.isEmpty()) {
            return List.of();
        }
        ResourceKey key = subject.get();
        if (key.kind().equals(GroupKind.SERVICE)) {
            return List.of(key);
        }
        if (key.kind().equals(GroupKind.ENDPOINTS)) {
            return List.of(new ResourceKey(GroupKind.SERVICE, key.namespace(), key.name()));
        }
        if (key.kind().equals(GroupKind.ENDPOINT_SLICE)) {
            return after.resource(key)
                    .or(() -> before.resource(key))
                    .map(slice -> List.of(Slices.serviceOf(slice)))
                    .orElse(List.of());
        }
        return key.kind().equals(GroupKind.POD) ? choosing(key, before, after) : List.of();
    }

    /** The Services that choose a pod, or chose it before it changed. */
    private static Collection<ResourceKey> choosing(
            ResourceKey pod, ClusterState before, ClusterState after) {
        Set<ResourceKey> services = new TreeSet<>();
        Stream.of(before.resource(pod), after.resource(pod))
                .flatMap(Optional::stream)
                .map(found -> found.metadata().labels())
                .distinct()
                .forEach(labels ->
                        after.servicesAbout(pod.namespace(), labels).stream()
                                .filter(service -> chooses(after, service, labels))
                                .forEach(services::add));
        return services;
    }

    private static boolean chooses(
            ClusterState state, ResourceKey service, Map<String, String> labels) {
        return state.resource(service)
                .flatMap(EndpointsController::selector)
                .filter(selector -> labels.entrySet().containsAll(selector.entrySet()))
                .isPresent();
    }

    @Override
    public Collection<ResourceKey> all(ClusterState state) {
        return state.resources(GroupKind.SERVICE).stream().map(Resource::key).toList();
    }
}
