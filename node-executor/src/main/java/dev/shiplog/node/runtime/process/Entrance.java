package dev.shiplog.node.runtime.process;

import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.node.runtime.RuntimeFailure.Kind;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * As whom, where and with which environment a later process of a container runs: as its first one
 * was started. Kept in the container's directory, for root's eyes.
 *
 * @param env each {@code NAME=value}
 */
record Entrance(long uid, long gid, String directory, List<String> env) {
    /** Its parts, each followed by a byte 0. */
    static final String FILE = "enter";

    private static final String TERM = "TERM=";
    private static final int LEAST_PARTS = 3;

    Entrance {
        env = List.copyOf(env);
    }

    static Entrance of(ContainerProcess process) {
        return new Entrance(
                process.user().uid(), process.user().gid(), process.directory(), process.env());
    }

    String text() {
        StringBuilder text = new StringBuilder();
        text.append(uid).append('\0').append(gid).append('\0').append(directory).append('\0');
        env.forEach(entry -> text.append(entry).append('\0'));
        return text.toString();
    }

    static Entrance read(Path container) throws IOException, RuntimeFailure {
        try {
            String[] parts = Files.readString(container.resolve(FILE)).split("\0", -1);
            if (parts.length <= LEAST_PARTS) {
                throw new IOException("expected user, group and directory in " + FILE);
            }
            return new Entrance(
                    Long.parseLong(parts[0]),
                    Long.parseLong(parts[1]),
                    parts[2],
                    Arrays.asList(parts).subList(LEAST_PARTS, parts.length - 1));
        } catch (NoSuchFileException e) {
            throw new RuntimeFailure(
                    Kind.OTHER,
                    "the container was started by an earlier version of this program, which does"
                            + " not say how to enter it: restart it",
                    e);
        }
    }

    /** What enter.c takes, up to the command. */
    List<String> words(String capabilities, boolean tty) {
        List<String> words =
                new java.util.ArrayList<>(
                        List.of(capabilities, Long.toString(uid), Long.toString(gid), directory));
        words.addAll(env);
        if (tty && env.stream().noneMatch(entry -> entry.startsWith(TERM))) {
            words.add(TERM + "xterm");
        }
        words.add("");
        return words;
    }
}
