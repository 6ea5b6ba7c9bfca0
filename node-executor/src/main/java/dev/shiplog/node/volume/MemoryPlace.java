package dev.shiplog.node.volume;

import dev.shiplog.node.image.Trees;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
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
    private static final String OWNER = ".of";

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
                Files.writeString(owner(own), node.toAbsolutePath().toString());
                Files.createDirectories(own);
                Files.setAttribute(own, "unix:mode", 0700);
                return own;
            }
        }
        Path own = node.resolveSibling(node.getFileName() + "-secret");
        mount(own, Optional.empty());
        Files.setAttribute(own, "unix:mode", 0700);
        return own;
    }

    /** Removes a directory that was found, and what it was remembered by. */
    static void remove(Path own) throws IOException {
        unmountAll(own);
        Trees.delete(own);
        Files.deleteIfExists(owner(own));
    }

    /** Says whose a directory is: the path of the node's. */
    private static Path owner(Path own) {
        return own.resolveSibling(own.getFileName() + OWNER);
    }

    /** Removes what nodes left whose folders are gone: of tests that were killed, for example. */
    private static void sweep(Path place) throws IOException {
        try (DirectoryStream<Path> owners = Files.newDirectoryStream(place, NAME + "*" + OWNER)) {
            for (Path owner : owners) {
                Optional<Path> folder =
                        Optional.ofNullable(Path.of(Files.readString(owner)).getParent());
                if (folder.filter(Files::exists).isEmpty()) {
                    String file = String.valueOf(owner.getFileName());
                    remove(place.resolve(file.substring(0, file.length() - OWNER.length())));
                }
            }
        } catch (AccessDeniedException | NoSuchFileException othersOrGone) {
            // Another user's, or somebody else sweeps too.
        }
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
