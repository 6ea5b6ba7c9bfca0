package dev.shiplog.node.volume;

import dev.shiplog.node.image.Trees;
import dev.shiplog.resource.Uid;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/**
 * In a directory of this machine: {@code <pod uid>/messages/<container>.<attempt>}, beside the
 * pod's volumes, so that they go with them.
 */
final class DiskMessageFiles implements MessageFiles {
    private static final int EVERYBODY_WRITES = 0666;

    private final Path root;

    DiskMessageFiles(Path root) {
        this.root = root;
    }

    @Override
    public Optional<Path> make(Uid pod, String container, int attempt) throws VolumeFailure {
        Path file = file(pod, container, attempt);
        try {
            Files.createDirectories(directory(pod));
            if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                Files.createFile(file);
            }
            Files.setAttribute(file, "unix:mode", EVERYBODY_WRITES);
            return Optional.of(file);
        } catch (IOException e) {
            throw new VolumeFailure(
                    "the file for the termination message of container "
                            + container
                            + " cannot be made: "
                            + e,
                    e);
        }
    }

    @Override
    public String read(Uid pod, String container, int attempt, int mostBytes) throws VolumeFailure {
        Path file = file(pod, container, attempt);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return "";
        }
        try (SeekableByteChannel channel = Files.newByteChannel(file, LinkOption.NOFOLLOW_LINKS)) {
            channel.position(Math.max(0, channel.size() - mostBytes));
            ByteBuffer bytes = ByteBuffer.allocate(mostBytes);
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                // A read gives what it likes.
            }
            return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
        } catch (IOException e) {
            throw new VolumeFailure(
                    "the termination message of container " + container + " cannot be read: " + e,
                    e);
        }
    }

    @Override
    public void remove(Uid pod) throws VolumeFailure {
        try {
            Trees.delete(directory(pod));
            if (Files.isDirectory(root.resolve(pod.value()))
                    && isEmpty(root.resolve(pod.value()))) {
                Files.delete(root.resolve(pod.value()));
            }
        } catch (IOException e) {
            throw new VolumeFailure(
                    "the termination messages of pod " + pod + " cannot be removed: " + e, e);
        }
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (var children = Files.list(directory)) {
            return children.findAny().isEmpty();
        }
    }

    private Path directory(Uid pod) {
        return root.resolve(pod.value()).resolve("messages");
    }

    private Path file(Uid pod, String container, int attempt) {
        return directory(pod).resolve(container + "." + attempt);
    }
}
