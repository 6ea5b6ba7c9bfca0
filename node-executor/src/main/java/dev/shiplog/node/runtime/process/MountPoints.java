package dev.shiplog.node.runtime.process;

import dev.shiplog.node.runtime.Mount;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Where in a container's files the machine's are mounted. Links of the image are followed inside
 * the image, as when the container itself follows them; inside of what is mounted, none is
 * followed.
 *
 * @param mounts at paths without links; one below another after it
 */
record MountPoints(List<Mount> mounts) {
    /** What {@code init.sh} and OCI runtimes fill themselves. */
    private static final List<String> OF_THE_KERNEL = List.of("/proc", "/sys");

    private static final String DEVICES = "/dev/";

    MountPoints {
        mounts = List.copyOf(mounts);
    }

    /**
     * Finds them, and makes what is missing.
     *
     * @throws IOException if something is in the way
     */
    static MountPoints make(List<Mount> wished, RootFiles files) throws IOException {
        List<Mount> made = new ArrayList<>();
        for (Mount mount :
                wished.stream().sorted(Comparator.comparing(Mount::containerPath)).toList()) {
            String path = files.tree().resolve(mount.containerPath()).path();
            if (path.equals("/") || OF_THE_KERNEL.stream().anyMatch(of -> isIn(path, of))) {
                throw new IOException(
                        "expected a path that the machine's files can be mounted on, found "
                                + mount.containerPath());
            }
            Optional<Mount> outer = covering(made, path);
            if (outer.isPresent()) {
                makeIn(outer.get(), path, mount.hostPath());
            } else if (!path.startsWith(DEVICES)) {
                if (Files.isDirectory(mount.hostPath())) {
                    files.directory(path);
                } else {
                    files.file(path);
                }
            }
            made.add(new Mount(mount.hostPath(), path, mount.readOnly(), mount.propagation()));
        }
        made.sort(Comparator.comparing(Mount::containerPath));
        return new MountPoints(made);
    }

    /** Whether a path of the container leads into the machine's files. */
    boolean cover(String path) {
        return covering(mounts, path).isPresent();
    }

    private static Optional<Mount> covering(List<Mount> mounts, String path) {
        return mounts.stream()
                .filter(mount -> isIn(path, mount.containerPath()))
                .max(Comparator.comparingInt(mount -> mount.containerPath().length()));
    }

    private static boolean isIn(String path, String directory) {
        return path.equals(directory) || path.startsWith(directory + "/");
    }

    /** Makes a place for something inside of what another mount shows. */
    private static void makeIn(Mount outer, String path, Path like) throws IOException {
        Path at = outer.hostPath();
        Path rest = Path.of(outer.containerPath()).relativize(Path.of(path));
        for (int i = 0; i < rest.getNameCount(); i++) {
            String name = rest.getName(i).toString();
            if (name.isEmpty()) {
                continue;
            }
            at = at.resolve(name);
            boolean last = i == rest.getNameCount() - 1;
            if (Files.isSymbolicLink(at)) {
                throw new IOException(
                        "expected no link in the way of the mount at "
                                + path
                                + ", found one at "
                                + name);
            }
            if (Files.exists(at, LinkOption.NOFOLLOW_LINKS)) {
                continue;
            }
            if (last && !Files.isDirectory(like)) {
                Files.createFile(at);
            } else {
                Files.createDirectory(at);
            }
        }
    }

    /** What {@code init.sh} does for each. */
    String script() {
        StringBuilder text = new StringBuilder();
        for (Mount mount : mounts) {
            text.append(
                            Scripts.line(
                                    List.of(
                                            "volume",
                                            mount.hostPath().toString(),
                                            mount.containerPath(),
                                            mount.readOnly() ? "ro" : "rw",
                                            mount.propagation().option(),
                                            Files.isDirectory(mount.hostPath()) ? "d" : "f")))
                    .append(" || exit\n");
        }
        return text.toString();
    }
}
