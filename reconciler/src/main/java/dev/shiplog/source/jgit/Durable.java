package dev.shiplog.source.jgit;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Puts files on the disk, not only into the memory of the operating system. */
final class Durable {
    private Durable() {}

    /** Writes a file; its content is durable when this returns, its name is not. */
    static void write(Path file, byte[] content) throws IOException {
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            ByteBuffer left = ByteBuffer.wrap(content);
            while (left.hasRemaining()) {
                channel.write(left);
            }
            channel.force(true);
        }
    }

    /** Writes two files, and waits for the disk once where it can do both at a time. */
    static void write(Path file, byte[] content, Path other, byte[] otherContent)
            throws IOException {
        FutureTask<Void> beside =
                new FutureTask<>(() -> {
                    write(other, otherContent);
                    return null;
                });
        Thread.ofVirtual().name("durable").start(beside);
        try {
            write(file, content);
        } finally {
            done(beside);
        }
    }

    private static void done(FutureTask<Void> beside) throws IOException {
        try {
            beside.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failure
                    ? failure
                    : new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for the disk");
        }
    }

    /** Makes the content of a file durable. */
    static void sync(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /** Makes the names in a folder durable. */
    static void folder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
