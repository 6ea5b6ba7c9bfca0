package dev.shiplog.node.volume;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a pod wants of the machine's own files.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/storage/volumes/#hostpath-volume-types">the
 *     types of hostPath volumes</a>
 */
final class HostPaths {
    private static final int DIRECTORY_MODE = 0755;
    private static final int FILE_MODE = 0644;

    /** The kind of a file, in the bits of its mode, and the kinds (stat(2)). */
    private static final int KIND = 0170000;

    private static final int SOCKET = 0140000;
    private static final int BLOCK_DEVICE = 0060000;
    private static final int CHARACTER_DEVICE = 0020000;

    private HostPaths() {}

    static void ensure(Volume.HostPath volume) throws VolumeFailure, IOException {
        Path path = volume.path();
        switch (volume.type()) {
            case "" -> {
                if (!Files.exists(path)) {
                    Files.createDirectories(path);
                }
            }
            case "DirectoryOrCreate" -> {
                if (!Files.exists(path)) {
                    Files.createDirectories(path);
                    Files.setAttribute(path, "unix:mode", DIRECTORY_MODE);
                }
                require(volume, Files.isDirectory(path), "a directory");
            }
            case "Directory" -> require(volume, Files.isDirectory(path), "a directory");
            case "FileOrCreate" -> {
                if (!Files.exists(path)) {
                    create(path);
                }
                require(volume, Files.isRegularFile(path), "a file");
            }
            case "File" -> require(volume, Files.isRegularFile(path), "a file");
            case "Socket" -> require(volume, is(path, SOCKET), "a socket file");
            case "CharDevice" -> require(volume, is(path, CHARACTER_DEVICE), "a character device");
            case "BlockDevice" -> require(volume, is(path, BLOCK_DEVICE), "a block device");
            default ->
                    throw VolumeFailure.of(
                            volume.name(), volume.type() + " is an invalid volume type");
        }
    }

    private static void create(Path path) throws IOException {
        try {
            Files.createFile(path);
            Files.setAttribute(path, "unix:mode", FILE_MODE);
        } catch (FileAlreadyExistsException _) {
            // Somebody else made it, or it is a link to nothing: what is there is looked at next.
        }
    }

    private static boolean is(Path path, int kind) throws IOException {
        return Files.exists(path)
                && (((Number) Files.getAttribute(path, "unix:mode")).intValue() & KIND) == kind;
    }

    private static void require(Volume.HostPath volume, boolean holds, String what)
            throws VolumeFailure {
        if (!holds) {
            throw VolumeFailure.of(
                    volume.name(),
                    "hostPath type check failed: " + volume.path() + " is not " + what);
        }
    }
}
