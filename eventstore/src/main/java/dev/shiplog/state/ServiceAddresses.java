package dev.shiplog.state;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Resource;

import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The addresses and node ports in the body of a Service: which it holds, and how those that the
 * cluster gave stay with it when Git declares it anew without them.
 */
public final class ServiceAddresses {
    /** The member of a Service that is no address. */
    public static final String HEADLESS = "None";

    private ServiceAddresses() {}

    /**
     * What the Service keeps others from having: its cluster address as text, its node ports as
     * numbers in decimal.
     */
    public static SortedSet<String> held(Json body) {
        SortedSet<String> held = new TreeSet<>();
        JsonNode spec = body.toNode().path("spec");
        String address = spec.path("clusterIP").asText();
        if (!address.isEmpty() && !address.equals(HEADLESS)) {
            held.add(address);
        }
        for (JsonNode port : spec.path("ports")) {
            addPort(port.path("nodePort"), held);
        }
        addPort(spec.path("healthCheckNodePort"), held);
        return held;
    }

    /**
     * What a resource keeps others of its kind from having: of a Service as {@link #held(Json)}
     * says, of a Node the range of its pods' addresses.
     */
    static SortedSet<String> held(Resource resource) {
        if (resource.key().kind().equals(GroupKind.SERVICE)) {
            return held(resource.body());
        }
        SortedSet<String> held = new TreeSet<>();
        String range = podRange(resource.body());
        if (resource.key().kind().equals(GroupKind.NODE) && !range.isEmpty()) {
            held.add(range);
        }
        return held;
    }

    /** Whether resources of a kind hold addresses at all. */
    static boolean held(GroupKind kind) {
        return kind.equals(GroupKind.SERVICE) || kind.equals(GroupKind.NODE);
    }

    /** The range of addresses that a Node's body gives to its pods; empty for none. */
    public static String podRange(Json body) {
        return body.toNode().path("spec").path("podCIDR").asText();
    }

    private static void addPort(JsonNode port, SortedSet<String> held) {
        if (port.asInt() > 0) {
            held.add(port.asText());
        }
    }

    /** Whether a Service has an address in the cluster at all. */
    public static boolean wantsAddress(Json body) {
        return !body.toNode().path("spec").path("type").asText().equals("ExternalName");
    }

    /** Whether a Service is reached through ports of the nodes. */
    public static boolean wantsNodePorts(Json body) {
        JsonNode spec = body.toNode().path("spec");
        return switch (spec.path("type").asText()) {
            case "NodePort" -> true;
            case "LoadBalancer" -> spec.path("allocateLoadBalancerNodePorts").asBoolean(true);
            default -> false;
        };
    }

    /** Whether load balancers ask each node whether it has endpoints of the Service. */
    public static boolean wantsHealthCheckPort(Json body) {
        JsonNode spec = body.toNode().path("spec");
        return spec.path("type").asText().equals("LoadBalancer")
                && spec.path("externalTrafficPolicy").asText().equals("Local");
    }

    /** By what a port of a Service is known when the Service changes, such as {@code TCP/80}. */
    public static String portKey(JsonNode port) {
        return port.path("protocol").asText("TCP") + "/" + port.path("port").asInt();
    }

    /**
     * A body with what was given to it filled in, where it does not say otherwise.
     *
     * @param clusterIp empty for none
     * @param nodePorts by {@link #portKey}
     * @param healthCheckPort 0 for none
     */
    public static Json give(
            Json body,
            String clusterIp,
            SortedMap<String, Integer> nodePorts,
            int healthCheckPort) {
        ObjectNode root = body.toObject();
        ObjectNode spec = root.withObject("/spec");
        if (!clusterIp.isEmpty() && spec.path("clusterIP").asText().isEmpty()) {
            spec.put("clusterIP", clusterIp);
            spec.putArray("clusterIPs").add(clusterIp);
        }
        for (JsonNode node : spec.path("ports")) {
            Integer given = nodePorts.get(portKey(node));
            if (given != null
                    && node instanceof ObjectNode port
                    && port.path("nodePort").asInt() == 0) {
                port.put("nodePort", given);
            }
        }
        if (healthCheckPort > 0 && spec.path("healthCheckNodePort").asInt() == 0) {
            spec.put("healthCheckNodePort", healthCheckPort);
        }
        return Json.of(root);
    }

    /** What Git declares now, with what the live Service was given and may keep. */
    public static Json keep(Json live, Json declared) {
        JsonNode spec = live.toNode().path("spec");
        String address = spec.path("clusterIP").asText();
        SortedMap<String, Integer> ports = new TreeMap<>();
        if (wantsNodePorts(declared)) {
            for (JsonNode port : spec.path("ports")) {
                if (port.path("nodePort").asInt() > 0) {
                    ports.put(portKey(port), port.path("nodePort").asInt());
                }
            }
        }
        return give(
                declared,
                wantsAddress(declared) ? address : "",
                ports,
                wantsHealthCheckPort(declared) ? spec.path("healthCheckNodePort").asInt() : 0);
    }
}
