package dev.shiplog.node.volume;

import dev.shiplog.node.image.Trees;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Where on this machine files live in memory only. One that everybody sees is taken rather than a
 * new one mounted: a Docker Engine may not see what this program mounts.
 */
public final class MemoryPlace {
    private static final String TMPFS = "tmpfs";
    private static final long LIMIT_SECONDS = 20;
    private static final String NAME = "shiplog-volumes-";

    /** Says whose a directory is: the path of the node's. */
    private static final String OWNER = "of";

    private static final String CONTENT = "content";
    private static final String UID = "unix:uid";

    private MemoryPlace() {}

    /**
     * A directory in memory for those volumes of a node that hold secrets; for its owner only.
     *
     * @param node tells it from those of other nodes on this machine: the directory of its volumes
     */
    public static Path find(Path node) throws IOException {
        for (Path place : candidates()) {
            if (Files.isDirectory(place)
                    && Files.isWritable(place)
                    && Files.getFileStore(place).type().equals(TMPFS)) {
                sweep(place);
                Path own = place.resolve(NAME + digest(node));
                claim(own);
                Files.writeString(own.resolve(OWNER), node.toAbsolutePath().toString());
                return Files.createDirectories(own.resolve(CONTENT));
            }
        }
        Path own = node.resolveSibling(node.getFileName() + "-secret");
        mount(own, Optional.empty());
        Files.setAttribute(own, "unix:mode", 0700);
        return own;
    }

    /**
     * Takes a directory where everybody may make one, and so somebody else may have made it before:
     * to read what is put there, or to have it put elsewhere.
     */
    private static void claim(Path own) throws IOException {
        try {
            Files.createDirectory(
                    own,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException before) {
            if (!ours(own)) {
                throw new IOException(
                        "expected "
                                + own
                                + ", where secrets of pods lie, to be a directory of this program's"
                                + " user, found another's: remove it, and start again",
                        before);
            }
            Files.setAttribute(own, "unix:mode", 0700);
        }
    }

    /** Whether it is a directory, and no link to one, that our user made. */
    private static boolean ours(Path directory) throws IOException {
        return Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
                && Files.getAttribute(directory, UID, LinkOption.NOFOLLOW_LINKS)
                        .equals(Files.getAttribute(Path.of("/proc/self"), UID));
    }

    /** Removes a directory that was found, and what it was remembered by. */
    public static void remove(Path found) throws IOException {
        Path folder = Objects.requireNonNullElse(found.getParent(), found);
        Path own = String.valueOf(folder.getFileName()).startsWith(NAME) ? folder : found;
        unmountAll(own);
        Trees.delete(own);
    }

    /** Removes what nodes left whose folders are gone: of tests that were killed, for example. */
    private static void sweep(Path place) throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(place, NAME + "*")) {
            for (Path own : all) {
                if (ours(own) && abandoned(own)) {
                    unmountAll(own);
                    Trees.delete(own);
                }
            }
        } catch (NoSuchFileException gone) {
            // Somebody else sweeps too.
        }
    }

    /** Whether the node that it says it is of is gone. */
    private static boolean abandoned(Path own) throws IOException {
        Path owner = own.resolve(OWNER);
        return Files.exists(owner)
                && Optional.ofNullable(Path.of(Files.readString(owner)).getParent())
                        .filter(Files::exists)
                        .isEmpty();
    }

    private static List<Path> candidates() {
        List<Path> places = new ArrayList<>();
        places.add(Path.of("/run"));
        Optional.ofNullable(System.getenv("XDG_RUNTIME_DIR"))
                .filter(text -> text.startsWith("/"))
                .ifPresent(text -> places.add(Path.of(text)));
        places.add(Path.of("/dev/shm"));
        return places;
    }

    private static String digest(Path node) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(node.toString().getBytes(StandardCharsets.UTF_8)),
                            0,
                            8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Mounts a file system in memory at a directory, unless there is one. */
    static void mount(Path directory, Optional<Long> bytes) throws IOException {
        Files.createDirectories(directory);
        if (mounted(directory)) {
            return;
        }
        String size = bytes.map(limit -> ",size=" + limit).orElse("");
        run("mount", "-t", TMPFS, "-o", "nosuid,nodev" + size, TMPFS, directory.toString());
    }

    /** Takes away every file system that is mounted at or below a directory. */
    static void unmountAll(Path directory) throws IOException {
        for (Path place : mounts(directory).reversed()) {
            run("umount", "--lazy", place.toString());
        }
    }

    static boolean mounted(Path directory) throws IOException {
        return mounts(directory).contains(directory);
    }

    /** Mount points at or below a directory, in the order in which they were mounted. */
    private static List<Path> mounts(Path directory) throws IOException {
        List<Path> mounts = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
            Path place = Path.of(line.split(" ", 6)[4].replace("\\040", " "));
            if (place.startsWith(directory)) {
                mounts.add(place);
            }
        }
        return mounts;
    }

    private static void run(String... words) throws IOException {
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        try {
            process.getOutputStream().close();
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(
                        "expected " + words[0] + " to end within " + LIMIT_SECONDS + " s");
            }
            if (process.exitValue() != 0) {
                String said =
                        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                throw new IOException(
                        words[0]
                                + " ended with "
                                + process.exitValue()
                                + ": "
                                + said.strip()
                                + " (volumes in memory need the rights of root)");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while running " + words[0], e);
        }
    }
}
