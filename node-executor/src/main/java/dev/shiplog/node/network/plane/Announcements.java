package dev.shiplog.node.network.plane;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.node.network.pod.Interface;
import dev.shiplog.node.network.pod.Routes;
import dev.shiplog.node.network.service.ServicePlane;
import dev.shiplog.resource.Ipv4;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.util.Collection;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The addresses of load balancers that this node answers for on its links. An address that others
 * look for by ARP must be some machine's: this node takes those that are on a link of its own and
 * are nobody's, and that it is chosen for. They are addresses of the bridge, and go with it.
 *
 * <p>Invariant: of the nodes that are ready, one is chosen for an address, by the address alone;
 * under a local-only policy, one with a ready endpoint. Not for several threads at a time.
 */
final class Announcements {
    private static final int HOST = 32;

    private final Interface bridge;
    private final String node;

    /** What Services want answered, by the node that is chosen; only those with such addresses. */
    private final SortedMap<ResourceKey, ServicePlane.Known> balanced = new TreeMap<>();

    /** Whether some may be there; those of an earlier program too. */
    private boolean some = true;

    Announcements(String bridge, String node) {
        this.bridge = new Interface(bridge);
        this.node = node;
    }

    /** Takes Services as they are now. */
    void take(SortedMap<ResourceKey, Optional<ServicePlane.Known>> changed) {
        changed.forEach((key, known) -> {
            if (known.isPresent() && !addresses(known.get().service()).isEmpty()) {
                balanced.put(key, known.get());
            } else {
                balanced.remove(key);
            }
        });
    }

    /**
     * Makes the kernel answer for what it should, and for nothing else.
     *
     * @param nodes the addresses of all nodes that are ready, by name
     * @param own every node's address, ready or not: those are somebody's already
     */
    void ensure(SortedSet<String> nodes, Collection<String> own) throws IOException {
        if (balanced.isEmpty() && !some) {
            return;
        }
        SortedSet<String> wanted = new TreeSet<>();
        for (ServicePlane.Known known : balanced.values()) {
            for (String address : addresses(known.service())) {
                if (!own.contains(address)
                        && chosen(address, known, nodes).equals(Optional.of(node))
                        && Routes.linked(address, bridge.name())) {
                    wanted.add(address);
                }
            }
        }
        SortedSet<String> there = there();
        for (String address : there) {
            if (!wanted.contains(address)) {
                Interface.ip("addr del " + address + "/32 dev " + bridge.name());
            }
        }
        for (String address : wanted) {
            if (!there.contains(address)) {
                Interface.ip("addr add " + address + "/32 dev " + bridge.name());
            }
        }
        some = !wanted.isEmpty();
    }

    /** Which node answers for an address; empty if none can. */
    static Optional<String> chosen(
            String address, ServicePlane.Known known, SortedSet<String> nodes) {
        boolean local =
                known.service()
                        .body()
                        .toNode()
                        .path("spec")
                        .path("externalTrafficPolicy")
                        .asText()
                        .equals("Local");
        SortedSet<String> fit = new TreeSet<>(nodes);
        if (local) {
            fit.retainAll(serving(known.slices()));
        }
        return fit.isEmpty()
                ? Optional.empty()
                : fit.stream().skip(Math.floorMod(address.hashCode(), fit.size())).findFirst();
    }

    private static SortedSet<String> serving(Collection<Resource> slices) {
        SortedSet<String> nodes = new TreeSet<>();
        for (Resource slice : slices) {
            for (JsonNode endpoint : slice.body().toNode().path("endpoints")) {
                if (endpoint.path("conditions").path("ready").asBoolean(true)) {
                    nodes.add(endpoint.path("nodeName").asText());
                }
            }
        }
        return nodes;
    }

    private static SortedSet<String> addresses(Resource service) {
        SortedSet<String> addresses = new TreeSet<>();
        if (service.body().toNode().path("spec").path("type").asText().equals("LoadBalancer")) {
            for (JsonNode ingress :
                    service.status().toNode().path("loadBalancer").path("ingress")) {
                String address = ingress.path("ip").asText();
                if (Ipv4.is(address) && !address.startsWith("127.")) {
                    addresses.add(address);
                }
            }
        }
        return addresses;
    }

    private SortedSet<String> there() throws IOException {
        SortedSet<String> there = new TreeSet<>();
        NetworkInterface device = NetworkInterface.getByName(bridge.name());
        if (device != null) {
            for (InterfaceAddress address : device.getInterfaceAddresses()) {
                if (address.getNetworkPrefixLength() == HOST
                        && address.getAddress() instanceof Inet4Address ip) {
                    there.add(ip.getHostAddress());
                }
            }
        }
        return there;
    }
}
