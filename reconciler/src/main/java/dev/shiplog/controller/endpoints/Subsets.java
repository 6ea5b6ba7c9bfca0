package dev.shiplog.controller.endpoints;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.Json;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Backends as the body of an {@code Endpoints} object: one subset for each set of ports. */
final class Subsets {
    private Subsets() {}

    static Json body(List<Backend> backends) {
        Map<String, List<Backend>> byPorts = new TreeMap<>();
        for (Backend backend : backends) {
            if (!backend.terminating() || backend.ready()) {
                byPorts.computeIfAbsent(backend.ports().toString(), _ -> new ArrayList<>())
                        .add(backend);
            }
        }
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        if (!byPorts.isEmpty()) {
            ArrayNode subsets = root.putArray("subsets");
            byPorts.values().forEach(group -> subset(group, subsets.addObject()));
        }
        return Json.of(root);
    }

    private static void subset(List<Backend> group, ObjectNode subset) {
        for (Backend backend : group) {
            ObjectNode address =
                    subset.withArray(backend.ready() ? "/addresses" : "/notReadyAddresses")
                            .addObject();
            if (!backend.hostname().isEmpty()) {
                address.put("hostname", backend.hostname());
            }
            address.put("ip", backend.ip());
            if (!backend.node().isEmpty()) {
                address.put("nodeName", backend.node());
            }
            target(backend, address.putObject("targetRef"));
        }
        for (Backend.Port port : group.getFirst().ports()) {
            port(port, subset.withArray("/ports").addObject());
        }
    }

    static void port(Backend.Port port, ObjectNode node) {
        if (!port.appProtocol().isEmpty()) {
            node.put("appProtocol", port.appProtocol());
        }
        if (!port.name().isEmpty()) {
            node.put("name", port.name());
        }
        node.put("port", port.port());
        node.put("protocol", port.protocol());
    }

    static void target(Backend backend, ObjectNode reference) {
        reference.put("kind", "Pod");
        reference.put("name", backend.pod().key().name());
        reference.put("namespace", backend.pod().key().namespace());
        reference.put("uid", backend.pod().uid().value());
    }
}
