package dev.shiplog.node.runtime.simulated;

import dev.shiplog.node.runtime.LogOptions;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/** Writes one container's lines. */
final class SimulatedLogs {
    private static final DateTimeFormatter NANOS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSSSS'Z'")
                    .withZone(ZoneOffset.UTC);

    private final SimulatedHost host;
    private final LogOptions options;
    private final OutputStream out;
    private long left;

    SimulatedLogs(SimulatedHost host, LogOptions options, OutputStream out) {
        this.host = host;
        this.options = options;
        this.out = out;
        this.left = options.limitBytes().orElse(Long.MAX_VALUE);
    }

    /** An interrupt ends it, and stays visible to the caller. */
    void write(SimulatedContainer container) {
        try {
            List<SimulatedContainer.Line> lines = host.lines(container, 0, false);
            int next = lines.size();
            int skip = next - Math.min(next, options.tailLines().orElse(next));
            write(lines.subList(skip, next));
            while (options.follow() && left > 0) {
                lines = host.lines(container, next, true);
                if (lines.isEmpty()) {
                    return;
                }
                next += lines.size();
                write(lines);
            }
        } catch (InterruptedException readerGone) {
            Thread.currentThread().interrupt();
        } catch (IOException readerGone) {
            return;
        }
    }

    private void write(List<SimulatedContainer.Line> lines) throws IOException {
        for (SimulatedContainer.Line line : lines) {
            if (options.since().isPresent() && line.at().isBefore(options.since().get())) {
                continue;
            }
            String time = options.timestamps() ? NANOS.format(line.at()) + " " : "";
            byte[] bytes = (time + line.text() + "\n").getBytes(StandardCharsets.UTF_8);
            int count = (int) Math.min(left, bytes.length);
            out.write(bytes, 0, count);
            left -= count;
        }
        out.flush();
    }
}
