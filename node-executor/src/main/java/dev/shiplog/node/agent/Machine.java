package dev.shiplog.node.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The machine that a node is. The figures are those that stay the same while the machine does, so
 * that a node that registers again changes nothing.
 *
 * @param cpus cores
 * @param memoryBytes memory that is installed
 * @param state a folder on the file system that holds the node's state
 * @param diskBytes size of that file system
 * @param address the machine's address in its network
 * @param architecture as Go calls it: {@code amd64}, {@code arm64}
 */
public record Machine(
        int cpus,
        long memoryBytes,
        Path state,
        long diskBytes,
        String address,
        String hostname,
        String architecture,
        String operatingSystem,
        String kernelVersion,
        String osImage,
        String machineId,
        String bootId) {
    private static final Pattern MEM_TOTAL = Pattern.compile("MemTotal:\\s+(\\d+) kB");
    private static final Pattern PRETTY_NAME = Pattern.compile("PRETTY_NAME=\"?([^\"\\n]*)\"?");

    /**
     * Interfaces that container runtimes make; an address of theirs means nothing to other
     * machines.
     */
    private static final Pattern OF_CONTAINERS =
            Pattern.compile("(docker|br-|veth|cni|flannel|virbr|podman|shiplog|shl-|shx-|shs-).*");

    /**
     * The machine that this program runs on.
     *
     * @param state a folder on the file system that holds the node's state
     */
    public static Machine here(Path state) {
        return new Machine(
                Runtime.getRuntime().availableProcessors(),
                installedMemory(),
                state,
                disk(state),
                findAddress(),
                findHostname(),
                architecture(System.getProperty("os.arch", "")),
                System.getProperty("os.name", "").toLowerCase(Locale.ROOT),
                read("/proc/sys/kernel/osrelease").orElse(System.getProperty("os.version", "")),
                osImage(read("/etc/os-release").orElse("")),
                read("/etc/machine-id").orElse(""),
                read("/proc/sys/kernel/random/boot_id").orElse(""));
    }

    /** The same machine, under another of its addresses. */
    public Machine at(String other) {
        return new Machine(
                cpus,
                memoryBytes,
                state,
                diskBytes,
                other,
                hostname,
                architecture,
                operatingSystem,
                kernelVersion,
                osImage,
                machineId,
                bootId);
    }

    static String architecture(String javaName) {
        return switch (javaName) {
            case "x86_64", "amd64" -> "amd64";
            case "aarch64" -> "arm64";
            default -> javaName;
        };
    }

    static String osImage(String osRelease) {
        Matcher name = PRETTY_NAME.matcher(osRelease);
        return name.find() ? name.group(1) : System.getProperty("os.name", "");
    }

    /** Memory that is installed here, in bytes. */
    public static long installedMemory() {
        Matcher total = MEM_TOTAL.matcher(read("/proc/meminfo").orElse(""));
        if (total.find()) {
            return Long.parseLong(total.group(1)) * 1024;
        }
        return ManagementFactory.getOperatingSystemMXBean()
                        instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : Runtime.getRuntime().maxMemory();
    }

    private static long disk(Path state) {
        try {
            return Files.getFileStore(state).getTotalSpace();
        } catch (IOException e) {
            throw new UncheckedIOException("the file system of " + state + " cannot be asked", e);
        }
    }

    private static String findHostname() {
        return read("/proc/sys/kernel/hostname")
                .orElseGet(() -> {
                    try {
                        return InetAddress.getLocalHost().getHostName();
                    } catch (IOException _) {
                        return "localhost";
                    }
                });
    }

    private static String findAddress() {
        try {
            return Collections.list(NetworkInterface.getNetworkInterfaces()).stream()
                    .filter(network -> !OF_CONTAINERS.matcher(network.getName()).matches())
                    .sorted(Comparator.comparingInt(NetworkInterface::getIndex))
                    .flatMap(Machine::usable)
                    .findFirst()
                    .orElse("127.0.0.1");
        } catch (SocketException _) {
            return "127.0.0.1";
        }
    }

    private static Stream<String> usable(NetworkInterface network) {
        try {
            if (!network.isUp() || network.isLoopback()) {
                return Stream.empty();
            }
        } catch (SocketException _) {
            return Stream.empty();
        }
        List<InetAddress> addresses = Collections.list(network.getInetAddresses());
        return addresses.stream()
                .filter(a -> a instanceof Inet4Address && !a.isLinkLocalAddress())
                .map(InetAddress::getHostAddress);
    }

    private static Optional<String> read(String file) {
        try {
            return Optional.of(Files.readString(Path.of(file)).strip());
        } catch (IOException _) {
            return Optional.empty();
        }
    }
}
