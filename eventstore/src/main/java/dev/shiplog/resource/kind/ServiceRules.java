package dev.shiplog.resource.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.resource.Ipv4;
import dev.shiplog.resource.ServiceRanges;
import dev.shiplog.resource.schema.FieldPath;
import dev.shiplog.resource.schema.Findings;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** How a Service is completed and validated. Addresses are given by {@code dev.shiplog.decide}. */
final class ServiceRules implements Rules {
    private static final FieldPath SPEC = FieldPath.of("spec");
    private static final FieldPath PORTS = SPEC.child("ports");

    /** RFC 1035, as Kubernetes asks for the names of Services. */
    private static final Pattern NAME = Pattern.compile("[a-z]([-a-z0-9]*[a-z0-9])?");

    private static final String CLUSTER_IP = "ClusterIP";
    private static final String NODE_PORT = "NodePort";
    private static final String LOAD_BALANCER = "LoadBalancer";
    private static final String EXTERNAL_NAME = "ExternalName";

    private static final int DEFAULT_AFFINITY_SECONDS = 10_800;
    private static final int MAX_AFFINITY_SECONDS = 86_400;

    @Override
    public List<String> nameObjections(String name) {
        List<String> wrong = new ArrayList<>();
        if (name.length() > Names.MAX_LABEL) {
            wrong.add("must be no more than " + Names.MAX_LABEL + " characters");
        }
        if (!NAME.matcher(name).matches()) {
            wrong.add(
                    "a DNS-1035 label must consist of lower case alphanumeric characters or '-',"
                            + " start with an alphabetic character, and end with an alphanumeric"
                            + " character (e.g. 'my-name',  or 'abc-123', regex used for"
                            + " validation is '[a-z]([-a-z0-9]*[a-z0-9])?')");
        }
        return wrong;
    }

    @Override
    public void setDefaults(ObjectNode document) {
        ObjectNode spec = Defaults.object(document, "spec");
        Defaults.put(spec, "type", CLUSTER_IP);
        Defaults.put(spec, "sessionAffinity", "None");
        String type = spec.path("type").asText();
        for (ObjectNode port : Defaults.objects(spec, "ports")) {
            Defaults.put(port, "protocol", "TCP");
            JsonNode target = port.path("targetPort");
            if (target.isMissingNode()
                    || target.asText().isEmpty()
                    || target.asText().equals("0")) {
                port.set("targetPort", port.path("port").deepCopy());
            }
        }
        if (spec.path("sessionAffinity").asText().equals("ClientIP")) {
            ObjectNode client =
                    Defaults.object(Defaults.object(spec, "sessionAffinityConfig"), "clientIP");
            Defaults.put(client, "timeoutSeconds", DEFAULT_AFFINITY_SECONDS);
        }
        if (type.equals(EXTERNAL_NAME)) {
            return;
        }
        Defaults.put(spec, "internalTrafficPolicy", "Cluster");
        if (exposed(type)) {
            Defaults.put(spec, "externalTrafficPolicy", "Cluster");
        }
        if (type.equals(LOAD_BALANCER)) {
            Defaults.put(spec, "allocateLoadBalancerNodePorts", true);
        }
        Defaults.put(spec, "ipFamilyPolicy", "SingleStack");
        if (spec.path("ipFamilies").isEmpty()) {
            spec.putArray("ipFamilies").add("IPv4");
        }
        String address = spec.path("clusterIP").asText();
        if (!address.isEmpty() && spec.path("clusterIPs").isEmpty()) {
            spec.putArray("clusterIPs").add(address);
        }
        if (address.isEmpty() && !spec.path("clusterIPs").isEmpty()) {
            spec.put("clusterIP", spec.path("clusterIPs").path(0).asText());
        }
    }

    private static boolean exposed(String type) {
        return type.equals(NODE_PORT) || type.equals(LOAD_BALANCER);
    }

    /**
     * A Service of another type loses what only the one before had, as far as the client left it as
     * it was: it cannot be expected to know all that was given to it. As Kubernetes does
     * (dropTypeDependentFields in pkg/registry/core/service/strategy.go).
     */
    @Override
    public void keep(ObjectNode before, ObjectNode after) {
        if (!(after.path("spec") instanceof ObjectNode spec)) {
            return;
        }
        JsonNode old = before.path("spec");
        String from = type(old);
        String to = type(spec);
        if (!from.equals(EXTERNAL_NAME) && to.equals(EXTERNAL_NAME)) {
            if (same(old, spec, "clusterIP")) {
                drop(old, spec, "clusterIP", "clusterIPs");
            }
            drop(old, spec, "ipFamilies", "ipFamilyPolicy");
        }
        if (exposed(from) && !exposed(to)) {
            dropNodePorts(old.path("ports"), spec.path("ports"));
        }
        if (from.equals(LOAD_BALANCER) && !to.equals(LOAD_BALANCER)) {
            drop(old, spec, "loadBalancerClass", "allocateLoadBalancerNodePorts");
        }
        if (checked(old) && !checked(spec)) {
            drop(old, spec, "healthCheckNodePort");
        }
        if (reachedFromOutside(old) && !reachedFromOutside(spec)) {
            drop(old, spec, "externalTrafficPolicy");
        }
    }

    private static String type(JsonNode spec) {
        return spec.path("type").asText(CLUSTER_IP);
    }

    /** Whether load balancers ask each node for its endpoints. */
    private static boolean checked(JsonNode spec) {
        return type(spec).equals(LOAD_BALANCER)
                && spec.path("externalTrafficPolicy").asText().equals("Local");
    }

    private static boolean reachedFromOutside(JsonNode spec) {
        return exposed(type(spec)) || !spec.path("externalIPs").isEmpty();
    }

    private static boolean same(JsonNode before, JsonNode after, String field) {
        return before.path(field).equals(after.path(field));
    }

    private static void drop(JsonNode before, ObjectNode after, String... fields) {
        for (String field : fields) {
            if (same(before, after, field)) {
                after.remove(field);
            }
        }
    }

    /** None of them, if the client set one. */
    private static void dropNodePorts(JsonNode before, JsonNode after) {
        Set<Integer> given = nodePorts(before);
        if (given.containsAll(nodePorts(after))) {
            for (JsonNode port : after) {
                if (port instanceof ObjectNode object) {
                    object.remove("nodePort");
                }
            }
        }
    }

    private static Set<Integer> nodePorts(JsonNode ports) {
        Set<Integer> all = new TreeSet<>();
        for (JsonNode port : ports) {
            if (port.path("nodePort").asInt() != 0) {
                all.add(port.path("nodePort").asInt());
            }
        }
        return all;
    }

    @Override
    public void validate(ObjectNode document, Findings findings) {
        JsonNode spec = document.path("spec");
        String type = spec.path("type").asText();
        switch (type) {
            case CLUSTER_IP, NODE_PORT, LOAD_BALANCER -> {}
            case EXTERNAL_NAME -> externalName(spec, findings);
            default ->
                    findings.error(
                            SPEC.child("type"),
                            "Unsupported value: \""
                                    + type
                                    + "\": supported values: \"ClusterIP\", \"ExternalName\","
                                    + " \"LoadBalancer\", \"NodePort\"");
        }
        Check.labels(spec.path("selector"), SPEC.child("selector"), findings);
        boolean headless = spec.path("clusterIP").asText().equals("None");
        if (headless && exposed(type)) {
            findings.invalid(
                    SPEC.child("clusterIPs").item(0),
                    "\"None\"",
                    "may not be set to 'None' for " + type + " services");
        }
        address(spec, findings);
        if (spec.path("ports").isEmpty() && !headless && !type.equals(EXTERNAL_NAME)) {
            findings.required(PORTS, "");
        }
        ports(spec.path("ports"), exposed(type), findings);
        affinity(spec, findings);
        policy(spec, "internalTrafficPolicy", findings);
        policy(spec, "externalTrafficPolicy", findings);
        if (!spec.path("externalTrafficPolicy").isMissingNode()
                && !exposed(type)
                && spec.path("externalIPs").isEmpty()) {
            findings.invalid(
                    SPEC.child("externalTrafficPolicy"),
                    spec.path("externalTrafficPolicy").toString(),
                    "may only be set for externally-accessible services");
        }
    }

    private static void externalName(JsonNode spec, Findings findings) {
        String name = spec.path("externalName").asText();
        if (name.isEmpty()) {
            findings.required(SPEC.child("externalName"), "");
        } else {
            Check.text(
                    name.endsWith(".") ? name.substring(0, name.length() - 1) : name,
                    SPEC.child("externalName"),
                    Names::subdomain,
                    findings);
        }
        if (!spec.path("clusterIP").asText().isEmpty()) {
            findings.forbidden(
                    SPEC.child("clusterIPs"), "may not be set when type is 'ExternalName'");
        }
    }

    private static void address(JsonNode spec, Findings findings) {
        JsonNode addresses = spec.path("clusterIPs");
        FieldPath path = SPEC.child("clusterIPs");
        if (!addresses.isEmpty() && !addresses.path(0).equals(spec.path("clusterIP"))) {
            findings.invalid(path, addresses.toString(), "first value must match `clusterIP`");
            return;
        }
        if (addresses.size() > 1) {
            findings.invalid(
                    path,
                    addresses.toString(),
                    "may only hold one value: this cluster has IPv4 addresses only");
        }
        String address = addresses.path(0).asText();
        if (address.isEmpty() || address.equals("None")) {
            return;
        }
        if (!Ipv4.is(address)) {
            findings.invalid(
                    path.item(0),
                    Check.quoted(address),
                    "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
        }
    }

    private static void ports(JsonNode ports, boolean exposed, Findings findings) {
        Check.uniqueNames(ports, PORTS, findings);
        Set<String> taken = new TreeSet<>();
        Set<String> nodePorts = new TreeSet<>();
        for (int i = 0; i < ports.size(); i++) {
            JsonNode port = ports.get(i);
            FieldPath path = PORTS.item(i);
            String name = port.path("name").asText();
            if (name.isEmpty() && ports.size() > 1) {
                findings.required(path.child("name"), "");
            } else if (!name.isEmpty()) {
                Check.text(name, path.child("name"), Names::label, findings);
            }
            if (port.path("port").isMissingNode()) {
                findings.required(path.child("port"), "");
            } else {
                Check.port(port.path("port"), path.child("port"), findings);
            }
            target(port.path("targetPort"), path.child("targetPort"), findings);
            String protocol = port.path("protocol").asText();
            if (!Set.of("TCP", "UDP", "SCTP").contains(protocol)) {
                findings.error(
                        path.child("protocol"),
                        "Unsupported value: \""
                                + protocol
                                + "\": supported values: \"SCTP\", \"TCP\", \"UDP\"");
            }
            if (!taken.add(protocol + port.path("port"))) {
                findings.duplicate(
                        path,
                        "{\"port\":" + port.path("port") + ",\"protocol\":\"" + protocol + "\"}");
            }
            int nodePort = port.path("nodePort").asInt();
            if (nodePort != 0) {
                nodePort(port, nodePort, exposed, path.child("nodePort"), findings);
                if (!nodePorts.add(protocol + nodePort)) {
                    findings.duplicate(path.child("nodePort"), String.valueOf(nodePort));
                }
            }
        }
    }

    private static void target(JsonNode target, FieldPath path, Findings findings) {
        if (target.isNumber()) {
            Check.port(target, path, findings);
        } else if (target.isTextual()) {
            Check.text(target.asText(), path, Names::portName, findings);
        }
    }

    private static void nodePort(
            JsonNode port, int nodePort, boolean exposed, FieldPath path, Findings findings) {
        if (!exposed) {
            findings.forbidden(path, "may not be used when `type` is 'ClusterIP'");
        } else if (nodePort < ServiceRanges.FIRST_NODE_PORT
                || nodePort > ServiceRanges.LAST_NODE_PORT) {
            findings.invalid(
                    path,
                    port.path("nodePort").toString(),
                    "provided port is not in the valid range. The range of valid ports is "
                            + ServiceRanges.FIRST_NODE_PORT
                            + "-"
                            + ServiceRanges.LAST_NODE_PORT);
        }
    }

    private static void affinity(JsonNode spec, Findings findings) {
        FieldPath path = SPEC.child("sessionAffinity");
        switch (spec.path("sessionAffinity").asText()) {
            case "None" -> {
                if (!spec.path("sessionAffinityConfig").isEmpty()) {
                    findings.forbidden(
                            SPEC.child("sessionAffinityConfig"),
                            "must not be set when session affinity is None");
                }
            }
            case "ClientIP" -> {
                JsonNode seconds =
                        spec.path("sessionAffinityConfig").path("clientIP").path("timeoutSeconds");
                if (seconds.asLong() < 1 || seconds.asLong() > MAX_AFFINITY_SECONDS) {
                    findings.invalid(
                            SPEC.child("sessionAffinityConfig", "clientIP", "timeoutSeconds"),
                            seconds.toString(),
                            "must be greater than 0 and less than " + MAX_AFFINITY_SECONDS);
                }
            }
            default ->
                    findings.error(
                            path,
                            "Unsupported value: "
                                    + spec.path("sessionAffinity")
                                    + ": supported values: \"ClientIP\", \"None\"");
        }
    }

    private static void policy(JsonNode spec, String name, Findings findings) {
        JsonNode policy = spec.path(name);
        if (!policy.isMissingNode() && !Set.of("Cluster", "Local").contains(policy.asText())) {
            findings.error(
                    SPEC.child(name),
                    "Unsupported value: " + policy + ": supported values: \"Cluster\", \"Local\"");
        }
    }
}
