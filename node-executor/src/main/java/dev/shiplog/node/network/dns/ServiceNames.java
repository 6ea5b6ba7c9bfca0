package dev.shiplog.node.network.dns;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.resource.Resource;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What names need to know of a Service. */
record ServiceNames(String namespace, String name, Shape shape) {

    /** What its name stands for. */
    sealed interface Shape {
        /** Addresses of its own. */
        record Virtual(List<String> addresses, List<Port> ports) implements Shape {
            public Virtual {
                addresses = List.copyOf(addresses);
                ports = List.copyOf(ports);
            }
        }

        /** The addresses of those who stand behind it. */
        record Headless() implements Shape {}

        /** Another name. */
        record External(String target) implements Shape {}
    }

    /**
     * @param name empty for an only port
     * @param protocol in lower case
     */
    record Port(String name, String protocol, int number) {
        static List<Port> all(JsonNode ports) {
            List<Port> all = new ArrayList<>();
            for (JsonNode port : ports) {
                if (port.path("port").isInt()) {
                    all.add(
                            new Port(
                                    port.path("name").asText(""),
                                    port.path("protocol").asText("TCP").toLowerCase(Locale.ROOT),
                                    port.path("port").asInt()));
                }
            }
            return all;
        }
    }

    static ServiceNames of(Resource service) {
        JsonNode spec = service.body().toNode().path("spec");
        return new ServiceNames(service.key().namespace(), service.key().name(), shape(spec));
    }

    private static Shape shape(JsonNode spec) {
        if (spec.path("type").asText().equals("ExternalName")) {
            return new Shape.External(spec.path("externalName").asText());
        }
        String first = spec.path("clusterIP").asText();
        if (first.isEmpty() || first.equals("None")) {
            return new Shape.Headless();
        }
        List<String> addresses = new ArrayList<>();
        spec.path("clusterIPs").forEach(address -> addresses.add(address.asText()));
        if (addresses.isEmpty()) {
            addresses.add(first);
        }
        return new Shape.Virtual(addresses, Port.all(spec.path("ports")));
    }
}
