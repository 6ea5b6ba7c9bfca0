package dev.shiplog.node.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether this kernel speaks SCTP, or would load a module that does. */
public final class Sctp {
    private Sctp() {}

    /** Why not, and what to do; empty if it does. */
    public static Optional<String> objection() {
        return objection(Path.of("/proc/net/protocols"), Path.of("/lib/modules", kernel()));
    }

    /**
     * As above.
     *
     * @param protocols what is spoken now, see proc_pid_net(5)
     * @param modules of this kernel
     */
    static Optional<String> objection(Path protocols, Path modules) {
        boolean spoken = contains(protocols, "SCTP ");
        boolean loadable =
                Stream.of("modules.dep", "modules.builtin")
                        .anyMatch(list -> contains(modules.resolve(list), "/sctp.ko"));
        return spoken || loadable
                ? Optional.empty()
                : Optional.of(
                        "this machine's kernel has no SCTP: a kernel with the module sctp is needed");
    }

    private static String kernel() {
        return lines(Path.of("/proc/sys/kernel/osrelease")).stream().findFirst().orElse("");
    }

    private static boolean contains(Path file, String text) {
        return lines(file).stream().anyMatch(line -> line.contains(text));
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException _) {
            return List.of();
        }
    }
}
