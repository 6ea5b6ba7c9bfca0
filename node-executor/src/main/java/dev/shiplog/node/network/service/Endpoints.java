package dev.shiplog.node.network.service;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.resource.Ipv4;
import dev.shiplog.resource.Resource;

import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Who answers on one port of a Service: those that are ready; if none is, those that serve on their
 * way out.
 *
 * @param all of the cluster
 * @param local those of this node
 */
record Endpoints(List<Target> all, List<Target> local) {
    static Endpoints of(JsonNode port, Collection<Resource> slices, Surroundings around) {
        return new Endpoints(
                chosen(port, slices, around, false), chosen(port, slices, around, true));
    }

    private static List<Target> chosen(
            JsonNode port, Collection<Resource> slices, Surroundings around, boolean local) {
        SortedSet<Target> ready = new TreeSet<>();
        SortedSet<Target> leaving = new TreeSet<>();
        for (Resource slice : slices) {
            JsonNode body = slice.body().toNode();
            int number = number(port, body);
            if (number == 0 || !body.path("addressType").asText("IPv4").equals("IPv4")) {
                continue;
            }
            for (JsonNode endpoint : body.path("endpoints")) {
                if (local && !endpoint.path("nodeName").asText().equals(around.node())) {
                    continue;
                }
                String address = endpoint.path("addresses").path(0).asText();
                if (!Ipv4.is(address)) {
                    continue;
                }
                Target target = around.reached(new Target(address, number));
                JsonNode conditions = endpoint.path("conditions");
                if (conditions.path("ready").asBoolean(true)) {
                    ready.add(target);
                } else if (conditions.path("serving").asBoolean(false)
                        && conditions.path("terminating").asBoolean(false)) {
                    leaving.add(target);
                }
            }
        }
        return List.copyOf(ready.isEmpty() ? leaving : ready);
    }

    /** Where a slice's endpoints answer on a port of the Service; 0 if they do not. */
    private static int number(JsonNode port, JsonNode slice) {
        for (JsonNode offered : slice.path("ports")) {
            if (offered.path("name").asText().equals(port.path("name").asText())
                    && offered.path("protocol")
                            .asText("TCP")
                            .equals(port.path("protocol").asText("TCP"))) {
                return offered.path("port").asInt();
            }
        }
        return 0;
    }
}
