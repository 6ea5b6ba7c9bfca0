package dev.shiplog.boot;

import dev.shiplog.node.agent.Machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a start looks at on this machine before it makes anything. */
public final class Host {
    private static final Path SWAPS = Path.of("/proc/swaps");
    private static final int SIZE_COLUMN = 2;

    private Host() {}

    /** Memory that is installed, in bytes. */
    public static long memoryBytes() {
        return Machine.installedMemory();
    }

    /** What is to be said of this machine's swap; empty where there is none. */
    public static Optional<String> swapWarning() {
        try {
            return swapWarning(Files.readAllLines(SWAPS));
        } catch (IOException _) {
            // No Linux, or one without swap.
            return Optional.empty();
        }
    }

    /**
     * As above.
     *
     * @param swaps the lines of {@code /proc/swaps}: a heading, then one for each device, with its
     *     name and its size in KiB
     * @see <a href="https://man7.org/linux/man-pages/man5/proc_swaps.5.html">proc_swaps(5)</a>
     */
    static Optional<String> swapWarning(List<String> swaps) {
        long kibibytes = 0;
        for (String line : swaps.subList(Math.min(1, swaps.size()), swaps.size())) {
            String[] columns = line.strip().split("\\s+", -1);
            if (columns.length > SIZE_COLUMN) {
                kibibytes += Long.parseLong(columns[SIZE_COLUMN]);
            }
        }
        return kibibytes == 0
                ? Optional.empty()
                : Optional.of(
                        String.format(
                                Locale.ROOT,
                                "swap is on here (%.1f GiB). Containers with a memory limit get none"
                                        + " of it, but those without one may: they become slow"
                                        + " where they should be ended, and what a node has left is"
                                        + " no longer what the scheduler counts on. Kubernetes asks"
                                        + " for it to be off: swapoff -a",
                                kibibytes / (1024.0 * 1024.0)));
    }
}
