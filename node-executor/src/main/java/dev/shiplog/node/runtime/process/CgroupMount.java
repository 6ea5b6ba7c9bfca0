package dev.shiplog.node.runtime.process;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * One mounted hierarchy of control groups that can be written.
 *
 * @param unified whether it is version 2
 * @param controllers those of {@code memory}, {@code cpu}, {@code cpuacct} and {@code pids} that it
 *     has
 */
record CgroupMount(Path path, boolean unified, Set<String> controllers) {
    private static final Path MOUNTS = Path.of("/proc/self/mountinfo");
    private static final Set<String> WANTED = Set.of("memory", "cpu", "cpuacct", "pids");

    /**
     * Every hierarchy of this machine that is of use: those with a wanted controller, and the one
     * that a service manager kills by, so that stopping the service leaves containers alone.
     */
    static List<CgroupMount> find() throws IOException {
        List<CgroupMount> found = new ArrayList<>();
        for (String line : Files.readAllLines(MOUNTS)) {
            parse(line).filter(CgroupMount::writable).ifPresent(found::add);
        }
        return found;
    }

    /** Reads a line of proc_pid_mountinfo(5): fields, " - ", type, source, options. */
    static Optional<CgroupMount> parse(String line) throws IOException {
        int dash = line.indexOf(" - ");
        String[] fields = line.substring(0, Math.max(0, dash)).split(" ", -1);
        String[] tail = line.substring(dash + 3).split(" ", -1);
        if (dash < 0 || fields.length < 5 || tail.length < 3) {
            return Optional.empty();
        }
        Path path = Path.of(fields[4]);
        Set<String> controllers = new TreeSet<>();
        if (tail[0].equals("cgroup2")) {
            Path file = path.resolve("cgroup.controllers");
            if (Files.exists(file)) {
                controllers.addAll(Arrays.asList(Files.readString(file).strip().split(" ", -1)));
            }
            controllers.retainAll(WANTED);
            return Optional.of(new CgroupMount(path, true, controllers));
        }
        if (!tail[0].equals("cgroup")) {
            return Optional.empty();
        }
        Set<String> options = Set.of(tail[2].split(",", -1));
        controllers.addAll(options);
        controllers.retainAll(WANTED);
        boolean services = options.contains("name=systemd");
        return controllers.isEmpty() && !services
                ? Optional.empty()
                : Optional.of(new CgroupMount(path, false, controllers));
    }

    /** Makes a group and those above it, with every wanted controller handed down. */
    Path create(String below) throws IOException {
        Path group = path;
        for (String name : below.split("/", -1)) {
            if (unified && !controllers.isEmpty()) {
                Files.writeString(
                        group.resolve("cgroup.subtree_control"),
                        String.join(" ", controllers.stream().map(c -> "+" + c).toList()));
            }
            group = group.resolve(name);
            if (!Files.isDirectory(group)) {
                Files.createDirectories(group);
            }
        }
        return group;
    }

    /** A group and all below it, the deepest first. */
    List<Path> below(Path group) throws IOException {
        List<Path> groups = new ArrayList<>();
        if (!Files.isDirectory(group)) {
            return groups;
        }
        Files.walkFileTree(
                group,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path directory, @Nullable IOException failure) {
                        groups.add(directory);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException failure)
                            throws IOException {
                        if (failure instanceof NoSuchFileException) {
                            return FileVisitResult.CONTINUE;
                        }
                        throw failure;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        return FileVisitResult.CONTINUE;
                    }
                });
        return groups;
    }

    private boolean writable() {
        Path group = path.resolve("shiplog");
        try {
            if (!Files.isDirectory(group)) {
                Files.createDirectory(group);
            }
            return true;
        } catch (IOException e) {
            return Files.isDirectory(group);
        }
    }
}
