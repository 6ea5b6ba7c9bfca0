package dev.shiplog.boot;

import java.io.IOException;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Chooses the port to answer on, by answering on it: to look first and listen later would let
 * another program come between. The one of the last start comes first: clones and kubeconfigs that
 * people have name it.
 */
public final class Ports {
    private Ports() {}

    /** Begins to listen. */
    interface Opening<T> {
        /**
         * @param port 0 for one that is free
         * @throws BindException if somebody else listens there
         */
        T on(int port) throws IOException;
    }

    /**
     * Begins to listen where it can.
     *
     * @param wanted a port that somebody asked for; 0 for the default, or a free one if that is
     *     taken
     * @param memory the file that remembers the port of the last start
     * @throws IllegalArgumentException if the wanted port is taken
     */
    static <T> T open(int wanted, Path memory, Opening<T> opening) throws IOException {
        if (wanted != 0) {
            try {
                return opening.on(wanted);
            } catch (BindException e) {
                throw new IllegalArgumentException(
                        "port " + wanted + " is taken; choose another with --port", e);
            }
        }
        List<Integer> candidates = new ArrayList<>();
        last(memory).ifPresent(candidates::add);
        candidates.add(Settings.DEFAULT_PORT);
        for (int candidate : candidates) {
            try {
                return opening.on(candidate);
            } catch (BindException _) {
                // Somebody else's; the next one then.
            }
        }
        return opening.on(0);
    }

    /** The port of a profile's last start; empty before the first. */
    public static Optional<Integer> last(Profile profile) throws IOException {
        return last(profile.port());
    }

    private static Optional<Integer> last(Path memory) throws IOException {
        return Files.exists(memory)
                ? Optional.of(Integer.parseInt(Files.readString(memory).strip()))
                : Optional.empty();
    }

    /** Remembers the port for the next start. */
    static void remember(int port, Path memory) throws IOException {
        Files.writeString(memory, port + "\n");
    }
}
