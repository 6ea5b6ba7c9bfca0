package dev.shiplog.node.network.peer;

import dev.shiplog.node.linux.Programs;
import dev.shiplog.node.network.NetworkNames;
import dev.shiplog.node.network.Subnet;
import dev.shiplog.node.network.pod.Interface;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Routes to the pods of other nodes: over the link itself to a node that shares one with this one,
 * else through a VXLAN tunnel. Both ends draw all that they need of the tunnel from the nodes'
 * addresses and ranges.
 *
 * <p>Not for several threads at a time.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7348">RFC 7348</a>
 */
public final class Peers {
    /** Where Linux's VXLAN listens unless told otherwise; flannel's too. */
    private static final int PORT = 8472;

    /** What the tunnel adds to a packet, in bytes: Ethernet, IPv4, UDP and VXLAN. */
    private static final int OVERHEAD = 50;

    private static final int VXLAN_IDS = 1 << 24;

    private final NetworkNames names;
    private final int vxlanId;
    private final Interface tunnel;
    private SortedMap<String, Peer> peers = new TreeMap<>();

    /**
     * @param cluster its id: tunnels of different clusters do not meet
     */
    public Peers(NetworkNames names, String cluster) {
        this.names = names;
        this.vxlanId = 1 + Math.floorMod(cluster.hashCode(), VXLAN_IDS - 1);
        this.tunnel = new Interface(names.tunnel());
    }

    /**
     * Takes the other nodes as they are now.
     *
     * @param own this node
     * @param others by name
     */
    public void take(Peer own, SortedMap<String, Peer> others) throws IOException {
        for (String range : routed()) {
            if (others.values().stream().noneMatch(peer -> peer.pods().toString().equals(range))) {
                Interface.ip("route del " + range + " proto " + names.routeProtocol());
            }
        }
        peers = new TreeMap<>(others);
        ensure(own);
    }

    /** Makes what is missing; does nothing if there is no other node. */
    public void ensure(Peer own) throws IOException {
        if (peers.isEmpty()) {
            return;
        }
        List<InterfaceAddress> links = links();
        Map<Peer, Boolean> near = new LinkedHashMap<>();
        for (Peer peer : peers.values()) {
            if (!here(links, peer.address())) {
                near.put(peer, shared(links, peer.address()));
            }
        }
        if (near.containsValue(false)) {
            raise(own);
        }
        List<String> routes = new ArrayList<>();
        StringBuilder doors = new StringBuilder();
        near.forEach((peer, link) -> {
            if (link) {
                routes.add(
                        "route replace %s via %s proto %d"
                                .formatted(peer.pods(), peer.address(), names.routeProtocol()));
            } else {
                routes.add(
                        "neigh replace %s lladdr %s dev %s nud permanent"
                                .formatted(
                                        peer.tunnelAddress(),
                                        peer.hardwareAddress(),
                                        tunnel.name()));
                routes.add(
                        "route replace %s via %s dev %s onlink src %s proto %d"
                                .formatted(
                                        peer.pods(),
                                        peer.tunnelAddress(),
                                        tunnel.name(),
                                        own.pods().gateway(),
                                        names.routeProtocol()));
                doors.append(
                        "fdb replace %s dev %s dst %s self permanent\n"
                                .formatted(peer.hardwareAddress(), tunnel.name(), peer.address()));
            }
        });
        if (!doors.isEmpty()) {
            Programs.run(doors.toString(), List.of("bridge", "-batch", "-"));
        }
        if (!routes.isEmpty()) {
            Interface.ip(routes.toArray(String[]::new));
        }
    }

    /** Makes this node's end of the tunnel. */
    private void raise(Peer own) throws IOException {
        if (!tunnel.exists()) {
            Interface.ip(
                    "link add %s address %s mtu %d type vxlan id %d dstport %d local %s nolearning"
                            .formatted(
                                    tunnel.name(),
                                    own.hardwareAddress(),
                                    mtu(own.address()) - OVERHEAD,
                                    vxlanId,
                                    PORT,
                                    own.address()));
        }
        Interface.ip(
                "addr replace " + own.tunnelAddress() + "/32 dev " + tunnel.name(),
                "link set " + tunnel.name() + " up");
        tunnel.set("forwarding", 1);
        tunnel.set("route_localnet", 1);
    }

    private static int mtu(String address) throws IOException {
        NetworkInterface device = NetworkInterface.getByInetAddress(InetAddress.ofLiteral(address));
        if (device == null) {
            throw new IOException(
                    "expected the node's address "
                            + address
                            + " at an interface of this machine, to reach other nodes from");
        }
        return device.getMTU();
    }

    /** The ranges that there are routes of ours to, also of an earlier program. */
    private List<String> routed() throws IOException {
        String routes =
                Programs.run(
                        "ip",
                        "-4",
                        "route",
                        "show",
                        "proto",
                        Integer.toString(names.routeProtocol()));
        return routes.lines().map(line -> line.strip().split(" ", 2)[0]).toList();
    }

    /** Removes the tunnel and all routes. */
    public void remove() throws IOException {
        Interface.ip("route flush proto " + names.routeProtocol());
        peers = new TreeMap<>();
        tunnel.remove();
    }

    private List<InterfaceAddress> links() throws IOException {
        List<InterfaceAddress> links = new ArrayList<>();
        for (NetworkInterface device : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            boolean own =
                    device.getName().equals(names.bridge())
                            || device.getName().equals(names.tunnel());
            if (device.isUp() && !device.isLoopback() && !own) {
                links.addAll(device.getInterfaceAddresses());
            }
        }
        return links;
    }

    private static boolean shared(List<InterfaceAddress> links, String address) {
        int number = Subnet.number(address);
        return links.stream()
                .filter(link -> link.getAddress() instanceof Inet4Address)
                .anyMatch(link -> {
                    int mask = Subnet.mask(link.getNetworkPrefixLength());
                    int here = Subnet.number(link.getAddress().getHostAddress());
                    return (here & mask) == (number & mask);
                });
    }

    /** Whether another node is on this very machine: its pods are on a bridge of the machine. */
    private static boolean here(List<InterfaceAddress> links, String address) {
        return address.startsWith("127.")
                || links.stream()
                        .anyMatch(link -> link.getAddress().getHostAddress().equals(address));
    }

    /** A peer out of a Node's address and range; empty if it lacks one. */
    public static Optional<Peer> of(String address, String range) {
        try {
            return Optional.of(new Peer(address, Subnet.parse(range)));
        } catch (IllegalArgumentException none) {
            return Optional.empty();
        }
    }
}
