package dev.shiplog.node.runtime.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * When which part of a log was written. Nothing stands between a container and its log file, so
 * nothing can stamp its lines; instead, whenever a file was seen to have grown, this notes how long
 * it is and when it was last written. A line's time is that of the first note behind its start:
 * exact to about a tenth of a second while this program runs, and for what was written while it did
 * not run, the time of the last such write.
 *
 * <p>Format of a {@code .times} file: pairs of big-endian 64-bit numbers, an offset in bytes and
 * nanoseconds since 1970; both only ever grow.
 */
final class LogTimes {
    private static final int NOTE_BYTES = 16;

    private final Layout layout;
    private final Map<String, Long> noted = new ConcurrentHashMap<>();

    LogTimes(Layout layout) {
        this.layout = layout;
    }

    /** Notes how long a log is now, if it has grown. */
    void note(String id) throws IOException {
        Path log = layout.log(id);
        try {
            long size = Files.size(log);
            if (size <= noted.getOrDefault(id, 0L)) {
                return;
            }
            append(id, size, nanos(Files.getLastModifiedTime(log).toInstant()));
        } catch (NoSuchFileException e) {
            // Removed, or not there yet.
        }
    }

    void forget(String id) {
        noted.remove(id);
    }

    /** The notes as they are now. */
    Notes notes(String id) throws IOException {
        note(id);
        Path file = layout.times(id);
        if (!Files.exists(file)) {
            return new Notes(ByteBuffer.allocate(0));
        }
        try (FileChannel channel = FileChannel.open(file)) {
            long bytes = channel.size() / NOTE_BYTES * NOTE_BYTES;
            return new Notes(channel.map(FileChannel.MapMode.READ_ONLY, 0, bytes));
        }
    }

    /** How many bytes of the notes are only about what is before a position of the log. */
    long bytesBefore(String id, long position) throws IOException {
        Notes notes = notes(id);
        int low = 0;
        int high = notes.count();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (notes.offset(middle) <= position) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return (long) low * NOTE_BYTES;
    }

    private synchronized void append(String id, long size, long nanos) throws IOException {
        if (!Files.isDirectory(layout.container(id))) {
            return;
        }
        try (FileChannel channel =
                FileChannel.open(
                        layout.times(id),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE)) {
            long end = channel.size() / NOTE_BYTES * NOTE_BYTES;
            long lastSize = 0;
            long lastNanos = 0;
            if (end > 0) {
                ByteBuffer last = ByteBuffer.allocate(NOTE_BYTES);
                channel.read(last, end - NOTE_BYTES);
                lastSize = last.getLong(0);
                lastNanos = last.getLong(8);
            }
            if (size > lastSize) {
                ByteBuffer note = ByteBuffer.allocate(NOTE_BYTES);
                note.putLong(size).putLong(Math.max(nanos, lastNanos)).flip();
                channel.write(note, end);
            }
            noted.put(id, Math.max(size, lastSize));
        }
    }

    private static long nanos(Instant instant) {
        return ChronoUnit.NANOS.between(Instant.EPOCH, instant);
    }

    /** Notes of one log. */
    record Notes(ByteBuffer buffer) {
        int count() {
            return buffer.limit() / NOTE_BYTES;
        }

        long offset(int note) {
            return buffer.getLong(note * NOTE_BYTES);
        }

        Instant time(int note) {
            return Instant.EPOCH.plusNanos(buffer.getLong(note * NOTE_BYTES + 8));
        }

        /** When the byte at an offset was written; the last time known if that is not noted yet. */
        Instant timeOf(long position) {
            int low = 0;
            int high = count() - 1;
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (offset(middle) > position) {
                    high = middle;
                } else {
                    low = middle + 1;
                }
            }
            return count() == 0 ? Instant.EPOCH : time(low);
        }

        /** An offset before which everything is older. */
        long older(Instant since) {
            int low = 0;
            int high = count();
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (time(middle).isBefore(since)) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low == 0 ? 0 : offset(low - 1);
        }
    }
}
