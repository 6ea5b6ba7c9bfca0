package dev.shiplog.link;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.state.ClusterState;

import java.util.Collections;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The variables by which containers find Services: {@code <NAME>_SERVICE_HOST} and {@code
 * <NAME>_SERVICE_PORT}, and those of Docker's links. The Services of the pod's namespace, unless
 * {@code enableServiceLinks} is false, and in any case the API server's.
 *
 * <p>Source: Kubernetes' "Accessing the Service", environment variables.
 */
final class ServiceVariables {
    /** Where every pod finds the API server. */
    static final ResourceKey API = new ResourceKey(GroupKind.SERVICE, "default", "kubernetes");

    private final SortedMap<String, String> variables = new TreeMap<>();

    private ServiceVariables() {}

    /** As they are now: a Service that comes later is found by the next container that starts. */
    static SortedMap<String, String> of(ClusterState state, Resource pod) {
        ServiceVariables found = new ServiceVariables();
        state.resource(API).ifPresent(found::add);
        if (pod.body().toNode().path("spec").path("enableServiceLinks").asBoolean(true)) {
            // One of the same name as the API server's is the nearer one.
            state.resources(GroupKind.SERVICE, pod.key().namespace()).forEach(found::add);
        }
        return Collections.unmodifiableSortedMap(found.variables);
    }

    private void add(Resource service) {
        JsonNode spec = service.body().toNode().path("spec");
        String address = spec.path("clusterIP").asText();
        JsonNode ports = spec.path("ports");
        if (address.isEmpty() || address.equals("None") || ports.isEmpty()) {
            return;
        }
        String name = variable(service.key().name());
        String first = ports.get(0).path("port").asText();
        variables.put(name + "_SERVICE_HOST", address);
        variables.put(name + "_SERVICE_PORT", first);
        variables.put(name + "_PORT", url(ports.get(0), address));
        for (JsonNode port : ports) {
            String number = port.path("port").asText();
            if (!port.path("name").asText().isEmpty()) {
                variables.put(
                        name + "_SERVICE_PORT_" + variable(port.path("name").asText()), number);
            }
            String link = name + "_PORT_" + number + "_" + protocol(port);
            variables.put(link, url(port, address));
            variables.put(link + "_PROTO", protocol(port).toLowerCase(Locale.ROOT));
            variables.put(link + "_PORT", number);
            variables.put(link + "_ADDR", address);
        }
    }

    private static String url(JsonNode port, String address) {
        return protocol(port).toLowerCase(Locale.ROOT)
                + "://"
                + address
                + ":"
                + port.path("port").asText();
    }

    private static String protocol(JsonNode port) {
        return port.path("protocol").asText("TCP");
    }

    private static String variable(String name) {
        return name.toUpperCase(Locale.ROOT).replace('-', '_');
    }
}
