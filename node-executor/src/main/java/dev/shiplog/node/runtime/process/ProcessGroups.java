package dev.shiplog.node.runtime.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * The control groups that a process is in, of every hierarchy: those that this program made, and
 * those of an OCI runtime, which keeps devices away by one.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/cgroups.7.html">cgroups(7)</a>
 */
final class ProcessGroups {
    private static final Path MOUNTS = Path.of("/proc/self/mountinfo");

    private ProcessGroups() {}

    /**
     * Their directories.
     *
     * @throws IOException if one is not mounted here: who cannot join it must not join the others
     */
    static List<Path> of(long pid) throws IOException {
        List<String> mounts = Files.readAllLines(MOUNTS);
        List<Path> groups = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "cgroup"))) {
            // hierarchy:controllers:path; version 2 has no controllers
            String[] fields = line.split(":", 3);
            if (fields.length == 3 && !fields[2].isEmpty()) {
                boolean unified = fields[1].isEmpty();
                Path group = group(mounts, fields[1], fields[2]);
                if (Files.isDirectory(group)) {
                    groups.add(group);
                } else if (!unified) {
                    throw new IOException("cgroup " + line + " is not mounted here");
                }
            }
        }
        return groups;
    }

    private static Path group(List<String> mounts, String controllers, String path) {
        Set<String> wanted = Set.of(controllers.split(",", -1));
        for (String line : mounts) {
            int dash = line.indexOf(" - ");
            String[] fields = line.substring(0, Math.max(0, dash)).split(" ", -1);
            String[] tail = line.substring(dash + 3).split(" ", -1);
            if (dash < 0 || fields.length < 5 || tail.length < 3) {
                continue;
            }
            boolean found =
                    controllers.isEmpty()
                            ? tail[0].equals("cgroup2")
                            : tail[0].equals("cgroup")
                                    && Arrays.asList(tail[2].split(",", -1)).containsAll(wanted);
            if (found) {
                String root = fields[3].equals("/") ? "" : fields[3];
                String below = path.startsWith(root) ? path.substring(root.length()) : path;
                return Path.of(fields[4] + below);
            }
        }
        return Path.of("/nonexistent");
    }
}
