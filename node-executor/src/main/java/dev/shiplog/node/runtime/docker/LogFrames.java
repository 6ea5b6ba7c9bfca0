package dev.shiplog.node.runtime.docker;

import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.StreamType;

import dev.shiplog.node.runtime.LogOptions;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Turns the Engine's frames into one stream of lines. A frame is one line or, where a line is
 * longer than 16 KiB, a piece of one. With times, the Engine begins every piece with one, so those
 * inside a line are taken out here. The Engine's {@code since} counts whole seconds; the rest is
 * done here too.
 *
 * <p>A terminal's output has no frames: there {@code since} stays in whole seconds.
 */
final class LogFrames {
    private final LogOptions options;
    private final OutputStream out;
    private final Map<StreamType, Boolean> insideLine = new EnumMap<>(StreamType.class);
    private final Map<StreamType, Boolean> skipping = new EnumMap<>(StreamType.class);
    private long left;

    LogFrames(LogOptions options, OutputStream out) {
        this.options = options;
        this.out = out;
        this.left = options.limitBytes().orElse(Long.MAX_VALUE);
    }

    boolean needsTimestamps() {
        return options.timestamps() || options.since().isPresent();
    }

    /** Whether enough has been written. */
    boolean write(Frame frame) throws IOException {
        byte[] line = frame.getPayload();
        StreamType stream = frame.getStreamType();
        int from = 0;
        if (needsTimestamps() && stream != StreamType.RAW) {
            boolean inside = insideLine.getOrDefault(stream, false);
            int space = indexOfSpace(line);
            if (!inside) {
                skipping.put(stream, tooOld(line, space));
            }
            from = options.timestamps() && !inside ? 0 : space + 1;
            insideLine.put(stream, line.length == 0 || line[line.length - 1] != '\n');
            if (skipping.getOrDefault(stream, false)) {
                return false;
            }
        }
        int count = (int) Math.min(left, line.length - from);
        out.write(line, from, count);
        out.flush();
        left -= count;
        return left == 0;
    }

    private boolean tooOld(byte[] line, int space) {
        Optional<Instant> since = options.since();
        if (since.isEmpty() || space < 0) {
            return false;
        }
        try {
            String time = new String(line, 0, space, StandardCharsets.US_ASCII);
            return Instant.parse(time).isBefore(since.get());
        } catch (DateTimeParseException noTime) {
            return false;
        }
    }

    private static int indexOfSpace(byte[] line) {
        for (int i = 0; i < line.length; i++) {
            if (line[i] == ' ') {
                return i;
            }
        }
        return -1;
    }
}
