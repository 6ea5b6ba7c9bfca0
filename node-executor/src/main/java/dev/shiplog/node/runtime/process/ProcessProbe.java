package dev.shiplog.node.runtime.process;

import dev.shiplog.node.linux.Programs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Whether this runtime can work here at all. Looks at files only: it takes a millisecond. */
final class ProcessProbe {
    private static final List<String> PROGRAMS =
            List.of(
                    "sh",
                    "ip",
                    "unshare",
                    "nsenter",
                    "setpriv",
                    "mount",
                    "umount",
                    "mountpoint",
                    "mkfifo",
                    "mknod",
                    "cat",
                    "cp",
                    "setsid",
                    "env");

    private ProcessProbe() {}

    /** Why it cannot, with what to do; empty if it can. */
    static Optional<String> objection() {
        if (!System.getProperty("os.name", "").equals("Linux")) {
            return Optional.of(
                    "the process runtime needs Linux, found " + System.getProperty("os.name"));
        }
        if (!root()) {
            return Optional.of(
                    "the process runtime needs root: run as root, or install Docker and join its"
                            + " group");
        }
        List<String> missing = PROGRAMS.stream().filter(name -> !Programs.installed(name)).toList();
        if (!missing.isEmpty()) {
            return Optional.of(
                    "the process runtime needs "
                            + String.join(", ", missing)
                            + ": install the packages iproute2 and util-linux");
        }
        return Optional.empty();
    }

    private static boolean root() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid") instanceof Integer uid
                    && uid == 0;
        } catch (java.io.IOException e) {
            return false;
        }
    }
}
