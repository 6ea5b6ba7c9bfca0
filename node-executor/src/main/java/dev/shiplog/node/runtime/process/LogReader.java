package dev.shiplog.node.runtime.process;

import dev.shiplog.node.runtime.LogOptions;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Writes a container's output as asked: from where, with what in front of lines, until when. */
final class LogReader {
    private static final int CHUNK_BYTES = 1 << 16;
    private static final Duration FOREVER = Duration.ofDays(365);
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.nnnnnnnnn'Z'")
                    .withZone(ZoneOffset.UTC);

    private final String id;
    private final Layout layout;
    private final LogTimes times;
    private final LogSpace space;
    private final LogOptions options;
    private final OutputStream out;
    private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
    private LogTimes.Notes notes;
    private long left;
    private boolean lineStart = true;
    private boolean wanted = true;

    LogReader(
            String id,
            Layout layout,
            LogTimes times,
            LogSpace space,
            LogOptions options,
            OutputStream out)
            throws IOException {
        this.space = space;
        this.id = id;
        this.layout = layout;
        this.times = times;
        this.options = options;
        this.out = out;
        this.notes = times.notes(id);
        this.left = options.limitBytes().orElse(Long.MAX_VALUE);
    }

    /**
     * Writes until the end of the log or, when following, of the container.
     *
     * @param ended whether the container has ended; asked before the last look at its log
     */
    void run(Bell grown, Bell.Look ended) throws IOException, InterruptedException {
        try (FileChannel log = FileChannel.open(layout.log(id))) {
            write(log, begin(log), grown, ended);
        }
    }

    /** The same from a position on, whatever the options say of the beginning. */
    void run(long from, Bell grown, Bell.Look ended) throws IOException, InterruptedException {
        try (FileChannel log = FileChannel.open(layout.log(id))) {
            write(log, from, grown, ended);
        }
    }

    private void write(FileChannel log, long from, Bell grown, Bell.Look ended)
            throws IOException, InterruptedException {
        long position = from;
        while (left > 0) {
            boolean last = !options.follow() || ended.holds();
            long end = log.size();
            notes = times.notes(id);
            position = write(log, position, end);
            out.flush();
            if (last || left <= 0) {
                return;
            }
            long seen = position;
            grown.await(FOREVER, () -> log.size() > seen || ended.holds());
        }
    }

    private long begin(FileChannel log) throws IOException {
        long floor = firstLine(log);
        long start = floor;
        if (options.since().isPresent()) {
            start = lineAt(log, notes.older(options.since().get()), floor);
        }
        if (options.tailLines().isPresent()) {
            start = Math.max(start, tail(log, options.tailLines().getAsInt(), floor));
        }
        return start;
    }

    /** The first whole line that is kept. */
    private long firstLine(FileChannel log) throws IOException {
        long begin = space.begin(id);
        if (begin == 0) {
            return 0;
        }
        long size = log.size();
        for (long position = begin; position < size; position += chunk.limit()) {
            read(log, position, (int) Math.min(CHUNK_BYTES, size - position));
            for (int i = 0; i < chunk.limit(); i++) {
                if (chunk.get(i) == '\n') {
                    return position + i + 1;
                }
            }
            if (!chunk.hasRemaining()) {
                break;
            }
        }
        return begin;
    }

    /** Where the last so many lines begin. */
    private long tail(FileChannel log, int lines, long floor) throws IOException {
        long size = log.size();
        if (lines <= 0) {
            return size;
        }
        int seen = 0;
        long position = size;
        while (position > floor) {
            int bytes = (int) Math.min(CHUNK_BYTES, position - floor);
            position -= bytes;
            read(log, position, bytes);
            for (int i = chunk.limit() - 1; i >= 0; i--) {
                // A line end at the very end belongs to the last line.
                boolean lineEnd = chunk.get(i) == '\n' && position + i != size - 1;
                if (lineEnd && ++seen == lines) {
                    return position + i + 1;
                }
            }
        }
        return floor;
    }

    /** Where the line begins that an offset is in. */
    private long lineAt(FileChannel log, long offset, long floor) throws IOException {
        long position = Math.min(offset, log.size());
        while (position > floor) {
            int bytes = (int) Math.min(CHUNK_BYTES, position - floor);
            position -= bytes;
            read(log, position, bytes);
            for (int i = chunk.limit() - 1; i >= 0; i--) {
                if (chunk.get(i) == '\n') {
                    return position + i + 1;
                }
            }
        }
        return floor;
    }

    private void read(FileChannel log, long position, int bytes) throws IOException {
        chunk.clear().limit(bytes);
        while (chunk.hasRemaining()) {
            if (log.read(chunk, position + chunk.position()) < 0) {
                break;
            }
        }
        chunk.flip();
    }

    private long write(FileChannel log, long from, long end) throws IOException {
        long position = from;
        while (position < end && left > 0) {
            read(log, position, (int) Math.min(CHUNK_BYTES, end - position));
            if (!chunk.hasRemaining()) {
                return position;
            }
            if (space.begin(id) > position) {
                // What was read may have been given back meanwhile: this reader is too slow.
                position = firstLine(log);
                lineStart = true;
                continue;
            }
            int start = 0;
            for (int i = 0; i < chunk.limit(); i++) {
                if (chunk.get(i) == '\n') {
                    piece(position + start, start, i + 1);
                    lineStart = true;
                    start = i + 1;
                }
            }
            if (start < chunk.limit()) {
                piece(position + start, start, chunk.limit());
                lineStart = false;
            }
            position += chunk.limit();
        }
        return position;
    }

    /** Writes a line, or a part of one. */
    private void piece(long position, int start, int end) throws IOException {
        if (lineStart && (options.timestamps() || options.since().isPresent())) {
            Instant time = notes.timeOf(position);
            wanted = options.since().map(since -> !time.isBefore(since)).orElse(true);
            if (wanted && options.timestamps()) {
                byte[] stamp = (STAMP.format(time) + " ").getBytes(StandardCharsets.US_ASCII);
                put(stamp, 0, stamp.length);
            }
        }
        if (wanted) {
            put(chunk.array(), start, end - start);
        }
        // The next piece goes on with this line unless it ended here.
        lineStart = false;
    }

    private void put(byte[] bytes, int start, int length) throws IOException {
        int count = (int) Math.min(length, left);
        out.write(bytes, start, count);
        left -= count;
    }
}
