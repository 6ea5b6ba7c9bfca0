package dev.shiplog.node.network.pod;

import dev.shiplog.node.network.NetworkNames;
import dev.shiplog.node.network.Subnet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The switch that all pods of this node are plugged into, with the machine at its first address.
 */
final class Bridge {
    /** Ranges tried, one after the other, when the first is taken. */
    private static final int MAX_TRIES = 250;

    private final NetworkNames names;
    private final Interface device;

    Bridge(NetworkNames names) {
        this.names = names;
        this.device = new Interface(names.bridge());
    }

    String name() {
        return device.name();
    }

    /** Its range, if it is there. */
    Optional<Subnet> subnet() throws IOException {
        return device.subnet();
    }

    /** Whether it is there, switched on, and at its address. */
    boolean sound(Subnet subnet) throws IOException {
        return device.up() && device.subnet().equals(Optional.of(subnet));
    }

    /**
     * Makes it if it is not there, and gives its range.
     *
     * @param known the range that it must have; empty if nobody has said yet
     * @param first tried first if nobody has said
     */
    Subnet ensure(Optional<Subnet> known, Subnet first) throws IOException {
        return MachineLock.held(() -> chosen(known, first));
    }

    private Subnet chosen(Optional<Subnet> known, Subnet first) throws IOException {
        Optional<Subnet> there = subnet();
        if (there.isPresent() && known.orElse(there.get()).equals(there.get())) {
            make(there.get());
            return there.get();
        }
        Subnet wanted = known.isPresent() ? known.get() : free(first);
        if (known.isPresent() && Routes.taken(wanted)) {
            throw new IOException(
                    "expected the addresses "
                            + wanted
                            + " of this node's pods to be free on this machine, found a"
                            + " route into them: 'ip route' shows whose; remove it, and"
                            + " start again");
        }
        if (there.isPresent()) {
            Interface.ip("addr flush dev " + name());
        }
        make(wanted);
        return wanted;
    }

    void remove() throws IOException {
        device.remove();
    }

    /** Makes what is missing of it. */
    private void make(Subnet subnet) throws IOException {
        if (!device.exists()) {
            // An address of its own: else it would change with every pod, and others' tables of
            // neighbours would be wrong.
            Interface.ip(
                    "link add name "
                            + name()
                            + " address "
                            + names.hardwareAddress(1)
                            + " type bridge");
        }
        Interface.ip(
                "addr replace " + subnet.gateway() + "/" + subnet.prefix() + " dev " + name(),
                "link set " + name() + " up");
        Files.writeString(Path.of("/proc/sys/net/ipv4/ip_forward"), "1");
        device.set("forwarding", 1);
        // For 127.0.0.1 of the machine as a client of pods; the table keeps pods from it.
        device.set("route_localnet", 1);
        device.set("send_redirects", 0);
    }

    private static Subnet free(Subnet first) throws IOException {
        for (int i = 0; i < MAX_TRIES; i++) {
            Subnet candidate = first.plus(i);
            if (!Routes.taken(candidate)) {
                return candidate;
            }
        }
        throw new IOException(
                "expected a free range of addresses for pods from "
                        + first
                        + " on, found routes into all of the "
                        + MAX_TRIES
                        + " tried: remove one ('ip route' shows them), and start again");
    }
}
