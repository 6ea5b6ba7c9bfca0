package dev.shiplog.node.network.service;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * From a Service and its EndpointSlices to what the packet filter must know of it. Pure.
 *
 * <p>Two kinds of clients are told apart: those inside (this node's pods and the node itself) and
 * those outside. Addresses and ports for the outside work inside as well; a local-only policy for
 * the outside does not bind those inside, as in Kubernetes.
 */
final class Frontends {
    /** The Service that names are asked at. */
    static final ResourceKey DNS = new ResourceKey(GroupKind.SERVICE, "kube-system", "kube-dns");

    /** Under which the node's own redirects stand among the Services. */
    private static final ResourceKey OWN = new ResourceKey(GroupKind.SERVICE, "", "node");

    private static final int DNS_PORT = 53;
    private static final int DEFAULT_STICKY_SECONDS = 10_800;
    private static final String REFUSE = "goto refuse";

    private final Resource service;
    private final JsonNode spec;
    private final List<JsonNode> slices;
    private final Surroundings around;
    private final int sticky;
    private final SortedMap<Element, String> elements = new TreeMap<>();
    private final SortedSet<Chain> chains = new TreeSet<>();

    private Frontends(Resource service, Collection<Resource> slices, Surroundings around) {
        this.service = service;
        this.spec = service.body().toNode().path("spec");
        this.slices = slices.stream().map(slice -> slice.body().toNode()).toList();
        this.around = around;
        this.sticky =
                spec.path("sessionAffinity").asText().equals("ClientIP")
                        ? spec.at("/sessionAffinityConfig/clientIP/timeoutSeconds")
                                .asInt(DEFAULT_STICKY_SECONDS)
                        : 0;
    }

    /** What a Service is on this node. */
    static Forwarding of(Resource service, Collection<Resource> slices, Surroundings around) {
        return new Frontends(service, slices, around).forwarding();
    }

    /** The same of many; nothing for those that are gone. */
    static SortedMap<ResourceKey, Forwarding> of(
            SortedMap<ResourceKey, Optional<ServicePlane.Known>> known, Surroundings around) {
        SortedMap<ResourceKey, Forwarding> forwardings = new TreeMap<>();
        known.forEach((key, now) ->
                forwardings.put(
                        key,
                        now.map(one -> of(one.service(), one.slices(), around))
                                .orElse(Forwarding.NOTHING)));
        return forwardings;
    }

    /** The node's own redirects, as if they were a Service. */
    static SortedMap<ResourceKey, Forwarding> own(Surroundings around) {
        SortedMap<Element, String> elements = new TreeMap<>();
        SortedSet<Chain> needed = new TreeSet<>();
        around.redirects()
                .forEach((from, to) -> {
                    Chain chain = new Chain(false, false, 1, 0);
                    String key = from.address() + " . tcp . " + from.port();
                    needed.add(chain);
                    elements.put(new Element("vips", key), "goto " + chain.name());
                    elements.put(
                            new Element(chain.map("endpoints"), key, Numbers.text(0)), to.text());
                });
        SortedMap<ResourceKey, Forwarding> own = new TreeMap<>();
        own.put(OWN, new Forwarding(elements, needed, Optional.empty()));
        return own;
    }

    private Forwarding forwarding() {
        String type = spec.path("type").asText("ClusterIP");
        if (type.equals("ExternalName")) {
            return Forwarding.NOTHING;
        }
        int localEndpoints = 0;
        for (JsonNode port : spec.path("ports")) {
            Endpoints endpoints = Endpoints.of(port, slices, around);
            localEndpoints = Math.max(localEndpoints, endpoints.local().size());
            clusterAddress(port, endpoints);
            outside(port, endpoints);
        }
        int health = spec.path("healthCheckNodePort").asInt();
        return new Forwarding(
                elements,
                chains,
                health == 0
                        ? Optional.empty()
                        : Optional.of(new HealthCheck(health, service.key(), localEndpoints)));
    }

    private void clusterAddress(JsonNode port, Endpoints endpoints) {
        String address = spec.path("clusterIP").asText();
        if (address.isEmpty() || address.equals("None")) {
            return;
        }
        elements.put(new Element("cluster_ips", address), "");
        String key = key(address, port);
        if (service.key().equals(DNS) && port.path("port").asInt() == DNS_PORT) {
            List<Target> here = List.of(new Target(around.nodeAddress(), DNS_PORT));
            lead("vips", key, chain(false, false, here, key));
            return;
        }
        boolean local = spec.path("internalTrafficPolicy").asText().equals("Local");
        List<Target> chosen = local ? endpoints.local() : endpoints.all();
        if (chosen.isEmpty()) {
            boolean elsewhere = local && !endpoints.all().isEmpty();
            elements.put(new Element("none_vips", key), elsewhere ? "drop" : REFUSE);
        } else {
            lead("vips", key, chain(false, false, chosen, key));
        }
    }

    private void outside(JsonNode port, Endpoints endpoints) {
        boolean local = spec.path("externalTrafficPolicy").asText().equals("Local");
        for (String address : addresses()) {
            open(false, key(address, port), local, endpoints);
        }
        int nodePort = port.path("nodePort").asInt();
        if (nodePort > 0) {
            open(true, protocol(port) + " . " + nodePort, local, endpoints);
        }
        for (String address : balanced()) {
            fence(key(address, port));
        }
    }

    /** One way in for the outside. */
    private void open(boolean ofPort, String key, boolean local, Endpoints endpoints) {
        String maps = ofPort ? "ports" : "vips";
        if (endpoints.all().isEmpty()) {
            elements.put(new Element("none_" + maps, key), REFUSE);
            elements.put(new Element("none_outer_" + maps, key), REFUSE);
            return;
        }
        String all = chain(ofPort, false, endpoints.all(), key);
        lead(maps, key, all);
        if (!local) {
            lead("outer_" + maps, key, all);
            elements.put(new Element("masquerade_" + maps, key), "");
        } else if (endpoints.local().isEmpty()) {
            elements.put(new Element("none_outer_" + maps, key), "drop");
        } else {
            lead("outer_" + maps, key, chain(ofPort, true, endpoints.local(), key));
        }
    }

    private void lead(String map, String key, String chain) {
        elements.put(new Element(map, key), "goto " + chain);
    }

    /** The endpoints under a key, and the chain that chooses among them. */
    private String chain(boolean ofPort, boolean local, List<Target> endpoints, String key) {
        Chain chain = new Chain(ofPort, local, endpoints.size(), sticky);
        chains.add(chain);
        if (sticky == 0) {
            for (int i = 0; i < endpoints.size(); i++) {
                elements.put(
                        new Element(chain.map("endpoints"), key, Numbers.text(i)),
                        endpoints.get(i).text());
            }
        } else {
            int i = 0;
            for (var numbered : Numbers.of(endpoints).entrySet()) {
                String number = Numbers.text(numbered.getKey());
                elements.put(new Element(chain.map("numbers"), key, Numbers.text(i)), number);
                elements.put(
                        new Element(chain.map("numbered"), key, number),
                        numbered.getValue().text());
                i++;
            }
        }
        return chain.name();
    }

    /** Who may come to a load balancer's address, where that is said. */
    private void fence(String key) {
        List<String> ranges = new ArrayList<>();
        spec.path("loadBalancerSourceRanges").forEach(range -> ranges.add(range.asText().strip()));
        if (!ranges.isEmpty()) {
            elements.put(new Element("fenced", key), "");
            for (String range : ranges) {
                elements.put(new Element("admitted", key, range), "");
            }
        }
    }

    /** Addresses besides the cluster's. */
    private SortedSet<String> addresses() {
        SortedSet<String> addresses = new TreeSet<>(balanced());
        spec.path("externalIPs").forEach(address -> addresses.add(address.asText()));
        addresses.removeIf(address -> !around.forwards(address));
        return addresses;
    }

    private SortedSet<String> balanced() {
        SortedSet<String> addresses = new TreeSet<>();
        if (spec.path("type").asText().equals("LoadBalancer")) {
            for (JsonNode ingress :
                    service.status().toNode().path("loadBalancer").path("ingress")) {
                boolean ours = !ingress.path("ipMode").asText().equals("Proxy");
                if (ours && around.forwards(ingress.path("ip").asText())) {
                    addresses.add(ingress.path("ip").asText());
                }
            }
        }
        return addresses;
    }

    private static String key(String address, JsonNode port) {
        return address + " . " + protocol(port) + " . " + port.path("port").asInt();
    }

    private static String protocol(JsonNode port) {
        return port.path("protocol").asText("TCP").toLowerCase(Locale.ROOT);
    }
}
