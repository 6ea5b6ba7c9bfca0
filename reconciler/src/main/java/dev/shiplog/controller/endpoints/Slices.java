package dev.shiplog.controller.endpoints;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.command.Command;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Propagation;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.state.ClusterState;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Keeps the EndpointSlices of one owner. An endpoint stays in the slice that it is in, so that a
 * change of one pod changes one slice; new endpoints fill up slices that have room.
 */
final class Slices {
    /** Endpoints in one slice, as Kubernetes' default. */
    static final int MAX_ENDPOINTS = 100;

    private static final String API_VERSION = "discovery.k8s.io/v1";

    private final ClusterState state;
    private final Resource owner;
    private final String service;
    private final String manager;

    /**
     * @param owner whom the slices live and die with
     * @param service the name that they are found by
     * @param manager who is told to keep them
     */
    Slices(ClusterState state, Resource owner, String service, String manager) {
        this.state = state;
        this.owner = owner;
        this.service = service;
        this.manager = manager;
    }

    /** One endpoint of a slice: what identifies it, and its document. */
    record Endpoint(String id, ObjectNode document) {}

    /**
     * What brings the slices to these endpoints.
     *
     * @param wanted the endpoints by the JSON of the ports that they have in common
     */
    List<Command> commands(SortedMap<String, List<Endpoint>> wanted) {
        List<Resource> slices =
                state.dependents(owner.uid()).stream()
                        .filter(key -> key.kind().equals(GroupKind.ENDPOINT_SLICE))
                        .flatMap(key -> state.resource(key).stream())
                        .toList();
        List<Command> commands = new ArrayList<>();
        List<ResourceCommand.Dependent> fresh = new ArrayList<>();
        SortedMap<String, List<Resource>> byPorts = new TreeMap<>();
        for (Resource slice : slices) {
            if (!slice.metadata().deleting()) {
                byPorts.computeIfAbsent(ports(slice), _ -> new ArrayList<>()).add(slice);
            }
        }
        byPorts.forEach((ports, group) -> {
            if (!wanted.containsKey(ports)) {
                group.forEach(slice -> commands.add(delete(slice)));
            }
        });
        wanted.forEach((ports, endpoints) ->
                arrange(ports, endpoints, byPorts.getOrDefault(ports, List.of()), commands, fresh));
        if (!fresh.isEmpty()) {
            commands.addFirst(
                    new ResourceCommand.CreateDependents(
                            manager,
                            owner.key(),
                            owner.uid(),
                            owner.metadata().generation(),
                            slices.size(),
                            fresh));
        }
        return commands;
    }

    private void arrange(
            String ports,
            List<Endpoint> endpoints,
            List<Resource> slices,
            List<Command> commands,
            List<ResourceCommand.Dependent> fresh) {
        Map<String, Endpoint> left = new LinkedHashMap<>();
        endpoints.forEach(endpoint -> left.put(endpoint.id(), endpoint));
        Map<Resource, List<Endpoint>> kept = new LinkedHashMap<>();
        for (Resource slice : slices) {
            List<Endpoint> stay = new ArrayList<>();
            for (JsonNode node : slice.body().toNode().path("endpoints")) {
                Endpoint endpoint = left.remove(id(node));
                if (endpoint != null) {
                    stay.add(endpoint);
                }
            }
            kept.put(slice, stay);
        }
        List<Endpoint> rest = new ArrayList<>(left.values());
        kept.forEach((slice, stay) -> {
            int room = Math.min(MAX_ENDPOINTS - stay.size(), rest.size());
            stay.addAll(rest.subList(0, room));
            rest.subList(0, room).clear();
            if (stay.isEmpty() && !endpoints.isEmpty()) {
                commands.add(delete(slice));
            } else {
                revise(slice, body(ports, stay)).ifPresent(commands::add);
            }
        });
        boolean none = slices.isEmpty() && endpoints.isEmpty();
        for (int at = 0; at < rest.size() || (none && at == 0); at += MAX_ENDPOINTS) {
            fresh.add(slice(ports, rest.subList(at, Math.min(at + MAX_ENDPOINTS, rest.size()))));
        }
    }

    private ResourceCommand.Dependent slice(String ports, List<Endpoint> endpoints) {
        SortedMap<String, String> labels = new TreeMap<>();
        labels.put("kubernetes.io/service-name", service);
        labels.put("endpointslice.kubernetes.io/managed-by", manager + ".k8s.io");
        return new ResourceCommand.Dependent(
                GroupKind.ENDPOINT_SLICE,
                API_VERSION,
                Optional.empty(),
                labels,
                new TreeMap<>(),
                List.of(),
                body(ports, endpoints));
    }

    private static Optional<Command> revise(Resource slice, Json body) {
        return slice.body().equals(body)
                ? Optional.empty()
                : Optional.of(
                        new ResourceCommand.ReviseResource(
                                slice.key(),
                                slice.uid(),
                                slice.metadata().generation(),
                                body,
                                Optional.empty(),
                                List.of()));
    }

    private static Command delete(Resource slice) {
        return new ResourceCommand.DeleteResource(
                slice.key(),
                Optional.of(slice.uid()),
                OptionalLong.empty(),
                Propagation.BACKGROUND,
                List.of());
    }

    private static Json body(String ports, List<Endpoint> endpoints) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("addressType", "IPv4");
        ArrayNode list = root.putArray("endpoints");
        endpoints.forEach(endpoint -> list.add(endpoint.document()));
        root.set("ports", Json.parse(ports).toNode().path("ports"));
        return Json.of(root);
    }

    private static String ports(Resource slice) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.set("ports", slice.body().toNode().path("ports"));
        return Json.of(root).toString();
    }

    /** The pod, or the address where nobody says which pod it is. */
    static String id(JsonNode endpoint) {
        String uid = endpoint.path("targetRef").path("uid").asText();
        return uid.isEmpty() ? endpoint.path("addresses").path(0).asText() : uid;
    }

    /** The key under which endpoints of the same ports are gathered. */
    static String key(List<Backend.Port> ports) {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        ArrayNode list = root.putArray("ports");
        for (Backend.Port port : ports) {
            ObjectNode node = list.addObject();
            Subsets.port(port, node);
            node.put("name", port.name());
        }
        return Json.of(root).toString();
    }

    /** Where a resource's slices are found again. */
    static ResourceKey serviceOf(Resource slice) {
        return new ResourceKey(
                GroupKind.SERVICE,
                slice.key().namespace(),
                slice.metadata().labels().getOrDefault("kubernetes.io/service-name", "-"));
    }
}
