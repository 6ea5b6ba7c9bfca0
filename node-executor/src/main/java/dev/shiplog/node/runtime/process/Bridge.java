package dev.shiplog.node.runtime.process;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The switch that all pods of this node are plugged into, with the machine at its first address.
 */
final class Bridge {
    /** Ranges tried, one after the other, when the wished one is taken. */
    private static final int MAX_TRIES = 250;

    /** Held while a range is chosen: two programs must not choose the same. */
    private static final Path LOCK = Path.of("/run/lock/shiplog-network.lock");

    private static final ReentrantLock LOCAL = new ReentrantLock();

    private final String name;
    private final Subnet wished;

    /**
     * @param name at most 15 characters
     * @param wished used unless the machine has a route into it
     */
    Bridge(String name, Subnet wished) {
        this.name = name;
        this.wished = wished;
    }

    String name() {
        return name;
    }

    /** Its range, if it is there. */
    Optional<Subnet> subnet() throws IOException {
        NetworkInterface device = NetworkInterface.getByName(name);
        if (device == null) {
            return Optional.empty();
        }
        for (InterfaceAddress address : device.getInterfaceAddresses()) {
            if (address.getAddress() instanceof Inet4Address ip) {
                return Optional.of(
                        Subnet.around(
                                Subnet.number(ip.getHostAddress()),
                                address.getNetworkPrefixLength()));
            }
        }
        return Optional.empty();
    }

    /** Makes it if it is not there, and gives its range. */
    Subnet ensure() throws IOException {
        Optional<Subnet> there = subnet();
        if (there.isPresent()) {
            return there.get();
        }
        LOCAL.lock();
        try {
            Files.createDirectories(LOCK.getParent());
            try (FileChannel channel =
                            FileChannel.open(
                                    LOCK, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                assert lock.isValid();
                there = subnet();
                return there.isPresent() ? there.get() : make(free());
            }
        } finally {
            LOCAL.unlock();
        }
    }

    void remove() throws IOException {
        if (NetworkInterface.getByName(name) != null) {
            Command.run("ip", "link", "del", name);
        }
    }

    private Subnet make(Subnet subnet) throws IOException {
        if (NetworkInterface.getByName(name) == null) {
            Command.run("ip", "link", "add", "name", name, "type", "bridge");
        }
        Command.run(
                String.join(
                        "\n",
                        List.of(
                                "addr add "
                                        + subnet.gateway()
                                        + "/"
                                        + subnet.prefix()
                                        + " dev "
                                        + name,
                                "link set " + name + " up",
                                "")),
                List.of("ip", "-batch", "-"));
        Files.writeString(Path.of("/proc/sys/net/ipv4/ip_forward"), "1");
        return subnet;
    }

    private Subnet free() throws IOException {
        for (int i = 0; i < MAX_TRIES; i++) {
            Subnet candidate = wished.plus(i);
            if (!Routes.taken(candidate)) {
                return candidate;
            }
        }
        throw new IOException(
                "expected a free range of addresses for pods from "
                        + wished
                        + " on, found routes into all of the "
                        + MAX_TRIES
                        + " tried: name another one");
    }

    /** The machine's own address, for pods that use its network. */
    static String hostAddress() throws IOException {
        for (NetworkInterface device : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            if (!device.isUp() || device.isLoopback() || device.isVirtual()) {
                continue;
            }
            // Bridges of containers come and go; cards of the machine have a device.
            if (!Files.exists(Path.of("/sys/class/net", device.getName(), "device"))) {
                continue;
            }
            for (InterfaceAddress address : device.getInterfaceAddresses()) {
                if (address.getAddress() instanceof Inet4Address ip) {
                    return ip.getHostAddress();
                }
            }
        }
        return "127.0.0.1";
    }
}
