package dev.shiplog.node.network.ingress;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.FileHandler;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/**
 * One line for each request, in a few files of which the oldest is given up: the client's address,
 * the time of the answer, the request, the status and the bytes of its body, the host, the referrer
 * and the agent as the client says them, the milliseconds that it took.
 */
final class AccessLog implements AutoCloseable {
    private final FileHandler files;

    /** Writes {@code ingress-access.0.log} (the newest) and those before it into a folder. */
    AccessLog(Path folder) throws IOException {
        Files.createDirectories(folder);
        files =
                new FileHandler(
                        folder.toString().replace("%", "%%") + "/ingress-access.%g.log",
                        ProxyLimits.ACCESS_LOG_BYTES,
                        ProxyLimits.ACCESS_LOG_FILES,
                        true);
        files.setFormatter(
                new Formatter() {
                    @Override
                    public String format(LogRecord line) {
                        return line.getMessage() + "\n";
                    }
                });
    }

    void write(String line) {
        files.publish(new LogRecord(Level.INFO, line));
    }

    @Override
    public void close() {
        files.close();
    }
}
