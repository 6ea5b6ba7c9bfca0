package dev.shiplog.node.network.dns;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.node.network.dns.ServiceNames.Port;
import dev.shiplog.resource.Resource;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What names need to know of an EndpointSlice.
 *
 * @param service the namespace and name of the Service that it is of, as {@link
 *     ClusterZone#id(String, String)} writes it
 * @param endpoints those that are ready
 */
record SliceNames(String service, List<Endpoint> endpoints, List<Port> ports) {
    private static final String SERVICE = "kubernetes.io/service-name";

    SliceNames {
        endpoints = List.copyOf(endpoints);
        ports = List.copyOf(ports);
    }

    /**
     * @param hostname its name under the Service's, in lower case
     */
    record Endpoint(String hostname, String address) {}

    static SliceNames of(Resource slice) {
        JsonNode body = slice.body().toNode();
        List<Endpoint> endpoints = new ArrayList<>();
        for (JsonNode endpoint : body.path("endpoints")) {
            // An endpoint of which nobody says whether it is ready is.
            if (endpoint.path("conditions").path("ready").asBoolean(true)) {
                for (JsonNode address : endpoint.path("addresses")) {
                    endpoints.add(endpoint(endpoint.path("hostname").asText(), address.asText()));
                }
            }
        }
        return new SliceNames(
                ClusterZone.id(
                        slice.key().namespace(),
                        slice.metadata().labels().getOrDefault(SERVICE, "")),
                endpoints,
                Port.all(body.path("ports")));
    }

    /** One without a name of its own is named after its address, as CoreDNS does. */
    private static Endpoint endpoint(String hostname, String address) {
        return new Endpoint(
                hostname.isEmpty()
                        ? address.replace('.', '-').replace(':', '-')
                        : hostname.toLowerCase(Locale.ROOT),
                address);
    }
}
