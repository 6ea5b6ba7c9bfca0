package dev.shiplog.node.network.service;

import dev.shiplog.node.network.NetworkNames;
import dev.shiplog.node.network.Subnet;
import dev.shiplog.node.network.pod.Interface;
import dev.shiplog.resource.ResourceKey;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Services led by this program, where the kernel does not: it has their addresses on an interface
 * of its own, listens there and at node ports, and passes on what comes. What is behind a way in is
 * read from the elements that the packet filter would have ({@link Frontends}), so that both lead
 * alike; but endpoints see the node as their client, what the filter would drop is refused, and
 * Services end with the program.
 *
 * <p>Not for several threads at a time.
 */
public final class RelayPlane implements ServicePlane {
    private static final Logger LOG = LoggerFactory.getLogger(RelayPlane.class);

    private final NetworkNames names;
    private final Subnet pods;
    private final Surroundings around;
    private final Plan plan = new Plan();
    private final SortedMap<Way, Open> open = new TreeMap<>();

    /** Ways in that something is behind, but that could not be opened. */
    private final SortedSet<Way> missing = new TreeSet<>();

    /** Addresses that users say lead here. */
    private final SortedMap<ResourceKey, SortedSet<String>> externals = new TreeMap<>();

    private record Open(Relay relay, Choice choice) {}

    /**
     * @param pods the range of this node's pods
     */
    public RelayPlane(NetworkNames names, Subnet pods, Surroundings around) {
        this.names = names;
        this.pods = pods;
        this.around = around;
        plan.take(Frontends.own(around));
    }

    @Override
    public void take(SortedMap<ResourceKey, Optional<Known>> changed) throws IOException {
        Plan.Change change = plan.take(Frontends.of(changed, around));
        changed.forEach((key, known) -> externals.put(key, externals(known)));
        externals.values().removeIf(of -> of.isEmpty());
        NavigableSet<Way> touched = new TreeSet<>();
        change.removed().keySet().forEach(at -> Way.of(at.front()).ifPresent(touched::add));
        change.added().keySet().forEach(at -> Way.of(at.front()).ifPresent(touched::add));
        Frontends.own(around)
                .values()
                .forEach(own ->
                        own.elements()
                                .keySet()
                                .forEach(at -> Way.of(at.front()).ifPresent(touched::add)));
        addresses();
        touched.forEach(this::lead);
    }

    @Override
    public void load() throws IOException {
        addresses();
        NavigableSet<Way> all = new TreeSet<>(open.keySet());
        plan.elements().keySet().forEach(at -> Way.of(at.front()).ifPresent(all::add));
        all.forEach(this::lead);
    }

    private SortedSet<String> externals(Optional<Known> known) {
        SortedSet<String> all = new TreeSet<>();
        known.ifPresent(one ->
                one.service()
                        .body()
                        .toNode()
                        .at("/spec/externalIPs")
                        .forEach(address -> all.add(address.asText())));
        all.removeIf(address -> !around.forwards(address));
        return all;
    }

    private void lead(Way way) {
        Behind behind = Behind.of(way, plan.elements(), plan.chains());
        boolean known = missing.remove(way);
        Open before = open.get(way);
        if (behind.empty()) {
            // Nobody listens: so the kernel refuses.
            if (before != null) {
                open.remove(way);
                before.relay().close();
            }
            return;
        }
        if (before != null) {
            before.choice().lead(behind);
            return;
        }
        Choice choice = new Choice(pods);
        choice.lead(behind);
        try {
            switch (way.protocol()) {
                case "tcp" -> open.put(way, new Open(TcpRelay.open(way, choice), choice));
                case "udp" -> open.put(way, new Open(UdpRelay.open(way, choice), choice));
                default ->
                        LOG.warn(
                                "{}: only nftables leads {}; this program leads TCP and UDP",
                                way.front(),
                                way.protocol());
            }
        } catch (IOException taken) {
            missing.add(way);
            if (!known) {
                LOG.warn("expected to listen at {}, found: {}", way.front(), taken.getMessage());
            }
        }
    }

    /** Gives the machine every Service's address that it has not. */
    private void addresses() throws IOException {
        SortedSet<String> wanted = wanted();
        SortedSet<String> there = there();
        Interface device = new Interface(names.serviceDevice());
        if (!device.exists()) {
            Interface.ip(
                    "link add name "
                            + device.name()
                            + " address "
                            + names.hardwareAddress(2)
                            + " type bridge");
        }
        if (!device.up()) {
            Interface.ip("link set " + device.name() + " up");
        }
        for (String address : wanted) {
            if (!there.contains(address)
                    && NetworkInterface.getByInetAddress(InetAddress.ofLiteral(address)) == null) {
                Interface.ip("addr add " + address + "/32 dev " + device.name());
            }
        }
    }

    /**
     * Takes away addresses of Services that are gone. Not with the Service: what it was answering
     * can still be said meanwhile.
     */
    private void tidy() throws IOException {
        SortedSet<String> gone = there();
        gone.removeAll(wanted());
        for (String address : gone) {
            Interface.ip("addr del " + address + "/32 dev " + names.serviceDevice());
        }
    }

    private SortedSet<String> there() throws IOException {
        SortedSet<String> there = new TreeSet<>();
        NetworkInterface device = NetworkInterface.getByName(names.serviceDevice());
        if (device != null) {
            for (InterfaceAddress address : device.getInterfaceAddresses()) {
                if (address.getAddress() instanceof Inet4Address ip) {
                    there.add(ip.getHostAddress());
                }
            }
        }
        return there;
    }

    @Override
    public boolean sound() {
        try {
            boolean up = new Interface(names.serviceDevice()).up();
            return up && there().containsAll(clusterAddresses());
        } catch (IOException unknown) {
            return false;
        }
    }

    private SortedSet<String> wanted() {
        SortedSet<String> all = clusterAddresses();
        externals.values().forEach(of -> all.addAll(of));
        return all;
    }

    private SortedSet<String> clusterAddresses() {
        SortedSet<String> all = new TreeSet<>();
        plan.elements().keySet().stream()
                .filter(element -> element.map().equals("cluster_ips"))
                .forEach(element -> all.add(element.front()));
        return all;
    }

    @Override
    public void retry() throws IOException {
        tidy();
        List.copyOf(missing).forEach(this::lead);
    }

    @Override
    public String part() {
        return "interface " + names.serviceDevice();
    }

    @Override
    public SortedMap<Integer, HealthCheck> healthChecks() {
        return plan.healthChecks();
    }

    @Override
    public void close() {
        open.values().forEach(one -> one.relay().close());
        open.clear();
    }
}
