package dev.shiplog.node.network.dns;

import dev.shiplog.node.runtime.ResolvConf;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The machine's own name servers, as its {@code /etc/resolv.conf} says now; a change of it is seen
 * within seconds.
 */
final class MachineNames implements Supplier<List<InetSocketAddress>> {
    static final Path FILE = Path.of("/etc/resolv.conf");

    private static final Logger LOG = LoggerFactory.getLogger(MachineNames.class);
    private static final int PORT = 53;
    private static final long LOOK_AGAIN_NANOS = 5_000_000_000L;

    private final Path file;
    private final Set<String> ourselves;
    private final LongSupplier nanos;

    private Seen seen = new Seen(List.of(), FileTime.fromMillis(0));
    private long lookAgain;
    private boolean looked;

    /**
     * @param ourselves addresses at which this program would ask itself
     */
    MachineNames(Path file, Set<String> ourselves, LongSupplier nanos) {
        this.file = file;
        this.ourselves = Set.copyOf(ourselves);
        this.nanos = nanos;
    }

    private record Seen(List<InetSocketAddress> servers, FileTime changed) {}

    @Override
    public synchronized List<InetSocketAddress> get() {
        long now = nanos.getAsLong();
        if (!looked || now - lookAgain >= 0) {
            looked = true;
            lookAgain = now + LOOK_AGAIN_NANOS;
            look();
        }
        return seen.servers();
    }

    private void look() {
        try {
            FileTime changed = Files.getLastModifiedTime(file);
            if (!changed.equals(seen.changed())) {
                seen = new Seen(servers(Files.readString(file)), changed);
            }
        } catch (IOException e) {
            LOG.warn("the machine's name servers are not known: {}", e.toString());
        }
    }

    private List<InetSocketAddress> servers(String text) {
        return ResolvConf.parse(text).nameservers().stream()
                .filter(server -> !ourselves.contains(server))
                .flatMap(server -> {
                    try {
                        return java.util.stream.Stream.of(
                                new InetSocketAddress(InetAddress.ofLiteral(server), PORT));
                    } catch (IllegalArgumentException _) {
                        return java.util.stream.Stream.of();
                    }
                })
                .toList();
    }
}
