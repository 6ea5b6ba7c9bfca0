package dev.shiplog.node.network.pod;

import dev.shiplog.node.linux.Programs;
import dev.shiplog.node.network.Subnet;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * An interface of the machine, as the kernel shows it.
 *
 * @param name at most 15 characters
 */
public record Interface(String name) {
    private static final Path DEVICES = Path.of("/sys/class/net");

    public boolean exists() {
        return Files.exists(DEVICES.resolve(name));
    }

    /** Whether it is switched on. */
    public boolean up() {
        try {
            String flags = Files.readString(DEVICES.resolve(name).resolve("flags")).strip();
            return (Integer.decode(flags) & 1) == 1;
        } catch (IOException gone) {
            return false;
        }
    }

    /** Whether it is plugged into a bridge. */
    public boolean on(String bridge) {
        Path master = DEVICES.resolve(name).resolve("master");
        try {
            return Files.isSymbolicLink(master)
                    && Files.readSymbolicLink(master).getFileName().toString().equals(bridge);
        } catch (IOException gone) {
            return false;
        }
    }

    /** The range around its IPv4 address. */
    public Optional<Subnet> subnet() throws IOException {
        NetworkInterface device = NetworkInterface.getByName(name);
        if (device == null) {
            return Optional.empty();
        }
        for (InterfaceAddress address : device.getInterfaceAddresses()) {
            int prefix = address.getNetworkPrefixLength();
            if (address.getAddress() instanceof Inet4Address ip && prefix >= 8 && prefix <= 30) {
                return Optional.of(Subnet.around(Subnet.number(ip.getHostAddress()), prefix));
            }
        }
        return Optional.empty();
    }

    /** Removes it; nothing happens if it is gone, as a cable goes with the pod at its other end. */
    public void remove() throws IOException {
        if (!exists()) {
            return;
        }
        try {
            ip("link del " + name);
        } catch (IOException failure) {
            if (exists()) {
                throw failure;
            }
        }
    }

    /** Sets one of the kernel's IPv4 switches of this interface. */
    public void set(String option, int value) throws IOException {
        Files.writeString(
                Path.of("/proc/sys/net/ipv4/conf", name, option), Integer.toString(value));
    }

    /** Runs commands of ip(8), in order, up to the first that fails. */
    public static void ip(String... commands) throws IOException {
        Programs.run(String.join("\n", commands) + "\n", List.of("ip", "-batch", "-"));
    }
}
