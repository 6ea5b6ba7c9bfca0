package dev.shiplog.journal.sqlite;

import dev.shiplog.journal.JournalFailure;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Lets one process write to a log at a time. The lock is the operating system's, on a file beside
 * the log, so it ends with the process; the file says whose it is.
 */
final class WriterLock implements AutoCloseable {
    private final FileChannel channel;

    private WriterLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * @throws JournalFailure if another process, or another journal of this one, holds the lock
     */
    static WriterLock take(Path log) {
        Path file = log.resolveSibling(log.getFileName() + ".lock");
        try {
            FileChannel channel =
                    FileChannel.open(
                            file,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE);
            if (!locked(channel)) {
                channel.close();
                throw new JournalFailure(
                        "expected to be the only writer of "
                                + log
                                + ", found process "
                                + Files.readString(file).strip()
                                + " writing to it. Stop that process, or name another file.");
            }
            String owner = ProcessHandle.current().pid() + "\n";
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(owner.getBytes(StandardCharsets.US_ASCII)), 0);
            return new WriterLock(channel);
        } catch (IOException e) {
            throw new JournalFailure(
                    "expected to lock "
                            + file
                            + ", found: "
                            + e
                            + ". Check that the folder exists and can be written.",
                    e);
        }
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new JournalFailure("the lock of the log could not be given back", e);
        }
    }
}
