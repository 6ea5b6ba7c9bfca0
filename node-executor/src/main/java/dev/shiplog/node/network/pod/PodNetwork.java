package dev.shiplog.node.network.pod;

import dev.shiplog.node.linux.Programs;
import dev.shiplog.node.network.NetworkNames;
import dev.shiplog.node.network.Subnet;
import dev.shiplog.node.network.nft.Nft;
import dev.shiplog.resource.PodRanges;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The one flat network of a node's pods, whatever runs them: addresses, and the cables that plug
 * pods in. A pod sees another's own address.
 *
 * <p>Invariants: no address is given twice; what is plugged in is written nowhere but in the kernel
 * and with whoever runs the pods, who tells of it again after a restart.
 */
public final class PodNetwork {
    /** How long a pod waits for the node to be given its addresses. */
    static final Duration SETTLING = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(PodNetwork.class);

    private final NetworkNames names;
    private final Subnet first;
    private final boolean alone;
    private final Bridge bridge;
    private final Cables cables;
    private final PodTable table;
    private final Map<String, Plugged> plugs = new LinkedHashMap<>();
    private final Set<String> used = new TreeSet<>();
    private final CompletableFuture<Subnet> settled = new CompletableFuture<>();
    private int next;

    /**
     * @param netns a way to the pod's network namespace
     * @param inode which namespace that was: the way may lead to another one later
     */
    private record Plugged(Plug plug, Path netns, Object inode) {}

    private PodNetwork(NetworkNames names, Subnet first, boolean alone) {
        this.names = names;
        this.first = first;
        this.alone = alone;
        this.bridge = new Bridge(names);
        this.cables = new Cables(bridge.name());
        this.table = new PodTable(names.podTable(), bridge.name());
    }

    /**
     * The network of a cluster's node. Touches nothing yet.
     *
     * @param first the range for this node that is tried first
     */
    public static PodNetwork of(NetworkNames names, Subnet first) {
        return new PodNetwork(names, first, false);
    }

    /** A network that takes a free range by itself when the first pod comes. */
    public static PodNetwork alone(NetworkNames names, Subnet first) {
        return new PodNetwork(names, first, true);
    }

    /** Why there can be none on this machine, with what to do; empty if there can. */
    public static Optional<String> objection() {
        if (!System.getProperty("os.name", "").equals("Linux")) {
            return Optional.of("a pod network needs Linux");
        }
        if (!root()) {
            return Optional.of("a pod network needs root");
        }
        return Programs.installed("ip")
                ? Nft.objection()
                : Optional.of("a pod network needs ip: install the package iproute2");
    }

    private static boolean root() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid") instanceof Integer uid
                    && uid == 0;
        } catch (IOException | UnsupportedOperationException notLinux) {
            return false;
        }
    }

    public NetworkNames names() {
        return names;
    }

    /** What it can do here, for people. */
    public String describe() {
        return table.describe();
    }

    /**
     * The range of all the cluster's pods, see {@link PodRanges}.
     *
     * @param given this node's
     */
    public Subnet cluster(Subnet given) {
        return alone ? first : Subnet.around(given.network(), PodRanges.PREFIX);
    }

    /**
     * Makes the bridge, and gives the range that it has or could have: the node asks the cluster
     * for it.
     *
     * @param known the range that the cluster is known to have given
     */
    public synchronized Subnet prepare(Optional<Subnet> known) throws IOException {
        return bridge.ensure(known, first);
    }

    /**
     * Takes the range that the cluster gave to the node; pods get addresses from now on. Nothing
     * happens if it is settled so.
     *
     * @throws IOException if it is another one than that of pods that are plugged in, or not to be
     *     had on this machine
     */
    public synchronized void settle(Subnet given) throws IOException {
        Subnet before = settled.getNow(given);
        if (!before.equals(given)) {
            throw new IOException(
                    "expected the node to keep its addresses for pods, "
                            + before
                            + ", found that the cluster gave "
                            + given);
        }
        if (settled.isDone()) {
            return;
        }
        bridge.ensure(Optional.of(given), given);
        table.load(given, cluster(given), all());
        settled.complete(given);
    }

    /** The machine's own address among the pods. Makes the bridge if it is not there. */
    public synchronized String gateway() throws IOException {
        return prepare(subnet()).gateway();
    }

    /** The range of this node's pods, once it is known. */
    public Optional<Subnet> subnet() {
        return Optional.ofNullable(settled.getNow(null));
    }

    /** Waits for the range. */
    private Subnet range() throws IOException {
        if (alone && !settled.isDone()) {
            settle(prepare(Optional.empty()));
        }
        try {
            return settled.get(SETTLING.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for the node's addresses", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException(
                    "expected the cluster to give this node addresses for its pods"
                            + " (Node.spec.podCIDR) within "
                            + SETTLING.toSeconds()
                            + " s",
                    e);
        }
    }

    /** Marks an address as used by a pod that is already there, plugged in or not. */
    public synchronized void keep(String address) {
        used.add(address);
    }

    /** Takes up a pod that an earlier program plugged in. */
    public synchronized void keep(Plug plug, Path netns) {
        used.add(plug.address());
        inode(netns).ifPresent(inode -> plugs.put(plug.id(), new Plugged(plug, netns, inode)));
    }

    /** Gives a free address, going round so that one just freed is not given again at once. */
    public String allocate() throws IOException {
        Subnet subnet = range();
        synchronized (this) {
            for (int tried = 0; tried < subnet.pods(); tried++) {
                String address = subnet.pod(next);
                next = (next + 1) % subnet.pods();
                if (used.add(address)) {
                    return address;
                }
            }
        }
        throw new IOException("all " + subnet.pods() + " pod addresses of " + subnet + " are used");
    }

    public synchronized void free(String address) {
        used.remove(address);
    }

    /**
     * Plugs a pod's network namespace in and opens its ports. What an earlier try left is replaced.
     *
     * @throws PortTaken if a port of the machine is another's; the pod is not plugged in then
     */
    public void plugIn(Plug plug, Path netns) throws IOException {
        Subnet subnet = range();
        synchronized (this) {
            Plugged before = plugs.remove(plug.id());
            if (before != null) {
                change(subnet, () -> table.delete(before.plug));
            }
            claim(plug);
            Object inode =
                    inode(netns)
                            .orElseThrow(() ->
                                    new IOException("there is no network namespace " + netns));
            cables.plugIn(plug, netns, subnet);
            plugs.put(plug.id(), new Plugged(plug, netns, inode));
            change(subnet, () -> table.add(plug));
        }
    }

    private interface Change {
        void make() throws IOException;
    }

    /** If it does not fit what is there, somebody changed that: all is written again. */
    private void change(Subnet subnet, Change change) throws IOException {
        try {
            change.make();
        } catch (IOException changed) {
            LOG.debug("writing the whole table {}", names.podTable(), changed);
            table.load(subnet, cluster(subnet), all());
        }
    }

    private List<Plug> all() {
        return plugs.values().stream().map(Plugged::plug).toList();
    }

    /** Whether a pod's cable is there. */
    public boolean plugged(Plug plug) {
        return cables.there(plug);
    }

    /** Takes a pod's cable and ports away, if they are there. Its address stays taken. */
    public synchronized void unplug(Plug plug) throws IOException {
        Plugged before = plugs.remove(plug.id());
        Subnet subnet = settled.getNow(null);
        if (before != null && subnet != null) {
            change(subnet, () -> table.delete(before.plug));
        }
        cables.unplug(plug);
    }

    /**
     * Compares the kernel with what should be there, and puts back what somebody took away.
     *
     * @return what was put back, for people
     */
    public synchronized List<String> check() throws IOException {
        List<String> mended = new ArrayList<>();
        Subnet subnet = settled.getNow(null);
        if (subnet == null) {
            return mended;
        }
        if (!bridge.sound(subnet)) {
            bridge.ensure(Optional.of(subnet), subnet);
            mended.add("bridge " + bridge.name());
        }
        for (Plugged plugged : List.copyOf(plugs.values())) {
            if (cables.sound(plugged.plug)) {
                continue;
            }
            if (cables.there(plugged.plug)) {
                cables.mend(plugged.plug);
                mended.add("cable of " + plugged.plug.address());
            } else if (inode(plugged.netns).equals(Optional.of(plugged.inode))) {
                cables.plugIn(plugged.plug, plugged.netns, subnet);
                mended.add("cable of " + plugged.plug.address());
            }
        }
        table.admit();
        if (!table.sound()) {
            table.load(subnet, cluster(subnet), all());
            mended.add("nftables table " + names.podTable());
        }
        if (!mended.isEmpty()) {
            LOG.warn("the pods' network was changed from outside; put back: {}", mended);
        }
        return mended;
    }

    /** Removes all of it from the machine. */
    public synchronized void purge() throws IOException {
        for (Plugged plugged : plugs.values()) {
            cables.unplug(plugged.plug);
        }
        plugs.clear();
        table.remove();
        if (Nft.objection().isEmpty()) {
            new Nft(names.serviceTable()).remove();
        }
        new Interface(names.serviceDevice()).remove();
        Interface.ip("route flush proto " + names.routeProtocol());
        new Interface(names.tunnel()).remove();
        bridge.remove();
    }

    private void claim(Plug plug) throws IOException {
        for (HostPort port : plug.ports()) {
            if (!table.usable()) {
                throw new PortTaken(port, Nft.objection().orElse("no nft"));
            }
            for (Plugged other : plugs.values()) {
                if (other.plug.ports().stream().anyMatch(port::clashes)) {
                    throw new PortTaken(port, "another pod on this node has it");
                }
            }
            if (port.protocol().equals("TCP")) {
                String address = port.address().isEmpty() ? "0.0.0.0" : port.address();
                try (ServerSocket probe =
                        new ServerSocket(port.port(), 1, InetAddress.ofLiteral(address))) {
                    assert probe.isBound();
                } catch (IOException | IllegalArgumentException e) {
                    throw new PortTaken(port, String.valueOf(e.getMessage()));
                }
            }
        }
    }

    private static Optional<Object> inode(Path netns) {
        try {
            return Optional.ofNullable(Files.getAttribute(netns, "unix:ino"));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }
}
