package dev.shiplog.node.agent;

import dev.shiplog.node.runtime.ResolvConf;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** Where the machine looks names up, as far as pods can do so too. */
public final class MachineResolver {
    private static final Logger LOG = LoggerFactory.getLogger(MachineResolver.class);

    private static final Path FILE = Path.of("/etc/resolv.conf");

    /** Where systemd-resolved keeps the real servers when the other names only itself. */
    private static final Path REAL_FILE = Path.of("/run/systemd/resolve/resolv.conf");

    private MachineResolver() {}

    /** What it says now, without servers that only the machine itself reaches. */
    public static ResolvConf read() {
        ResolvConf found = reachable(FILE);
        return found.nameservers().isEmpty() && Files.exists(REAL_FILE)
                ? reachable(REAL_FILE)
                : found;
    }

    static ResolvConf reachable(Path file) {
        try {
            ResolvConf all = ResolvConf.parse(Files.readString(file));
            List<String> servers =
                    all.nameservers().stream().filter(server -> !loopback(server)).toList();
            return new ResolvConf(servers, all.searches(), all.options());
        } catch (NoSuchFileException _) {
            return ResolvConf.EMPTY;
        } catch (IOException e) {
            LOG.warn("the machine's name servers are not known: {}", e.toString());
            return ResolvConf.EMPTY;
        }
    }

    private static boolean loopback(String server) {
        return server.startsWith("127.") || server.equals("::1");
    }
}
