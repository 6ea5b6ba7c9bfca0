package dev.shiplog.node.network.service;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.resource.Ipv4;

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
    /**
     * Who answers.
     *
     * @param slices the documents of the Service's EndpointSlices
     */
    static Endpoints of(JsonNode port, List<JsonNode> slices, Surroundings around) {
        Choosing all = new Choosing();
        Choosing local = new Choosing();
        for (JsonNode slice : slices) {
            int number = number(port, slice);
            if (number == 0 || !slice.path("addressType").asText("IPv4").equals("IPv4")) {
                continue;
            }
            for (JsonNode endpoint : slice.path("endpoints")) {
                String address = endpoint.path("addresses").path(0).asText();
                if (!Ipv4.is(address)) {
                    continue;
                }
                Target target = around.reached(new Target(address, number));
                all.offer(target, endpoint);
                if (endpoint.path("nodeName").asText().equals(around.node())) {
                    local.offer(target, endpoint);
                }
            }
        }
        return new Endpoints(all.chosen(), local.chosen());
    }

    /** Those who may be chosen, as long as not all were seen. */
    private static final class Choosing {
        private final SortedSet<Target> ready = new TreeSet<>();
        private final SortedSet<Target> leaving = new TreeSet<>();

        void offer(Target target, JsonNode endpoint) {
            JsonNode conditions = endpoint.path("conditions");
            if (conditions.path("ready").asBoolean(true)) {
                ready.add(target);
            } else if (conditions.path("serving").asBoolean(false)
                    && conditions.path("terminating").asBoolean(false)) {
                leaving.add(target);
            }
        }

        List<Target> chosen() {
            return List.copyOf(ready.isEmpty() ? leaving : ready);
        }
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
