package dev.shiplog.boot;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Chooses the port to answer on. The one of the last start comes first: clones and kubeconfigs that
 * people have name it.
 */
final class Ports {
    private Ports() {}

    /**
     * @param wanted a port that somebody asked for; 0 for the default, or a free one if that is
     *     taken
     * @param memory the file that remembers the port of the last start
     * @throws IllegalArgumentException if the wanted port is taken
     */
    static int choose(int wanted, Path memory, InetAddress bind) throws IOException {
        if (wanted != 0) {
            if (!free(wanted, bind)) {
                throw new IllegalArgumentException(
                        "port " + wanted + " is taken; choose another with --port");
            }
            return wanted;
        }
        List<Integer> candidates = new ArrayList<>();
        if (Files.exists(memory)) {
            candidates.add(Integer.parseInt(Files.readString(memory).strip()));
        }
        candidates.add(Settings.DEFAULT_PORT);
        for (int candidate : candidates) {
            if (free(candidate, bind)) {
                return candidate;
            }
        }
        try (ServerSocket any = new ServerSocket(0, 1, bind)) {
            return any.getLocalPort();
        }
    }

    /** Remembers the port for the next start. */
    static void remember(int port, Path memory) throws IOException {
        Files.writeString(memory, port + "\n");
    }

    private static boolean free(int port, InetAddress bind) throws IOException {
        try (ServerSocket probe = new ServerSocket()) {
            // As the server itself does: a port whose last connections are still closing is free.
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(bind, port));
            return true;
        } catch (java.net.BindException _) {
            return false;
        }
    }
}
