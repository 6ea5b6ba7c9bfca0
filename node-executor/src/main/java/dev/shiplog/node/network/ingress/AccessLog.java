package dev.shiplog.node.network.ingress;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
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
    private final InstantSource clock;

    /** Writes {@code ingress-access.0.log} (the newest) and those before it into a folder. */
    AccessLog(Path folder, InstantSource clock) throws IOException {
        this.clock = clock;
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

    /** The same, with each request written down when it has ended. */
    HttpHandler logging(HttpHandler handler) {
        return exchange -> {
            long begin = System.nanoTime();
            exchange.addExchangeCompleteListener((ended, next) -> {
                files.publish(
                        new LogRecord(
                                Level.INFO, line(ended, (System.nanoTime() - begin) / 1_000_000)));
                next.proceed();
            });
            handler.handleRequest(exchange);
        };
    }

    private String line(HttpServerExchange exchange, long millis) {
        String query = exchange.getQueryString();
        return "%s [%s] %s %d %d %s %s %s %d"
                .formatted(
                        exchange.getSourceAddress().getAddress().getHostAddress(),
                        clock.instant().truncatedTo(ChronoUnit.MILLIS),
                        quoted(
                                exchange.getRequestMethod()
                                        + " "
                                        + exchange.getRequestURI()
                                        + (query.isEmpty() ? "" : "?" + query)
                                        + " "
                                        + exchange.getProtocol()),
                        exchange.getStatusCode(),
                        exchange.getResponseBytesSent(),
                        header(exchange, Headers.HOST),
                        header(exchange, Headers.REFERER),
                        header(exchange, Headers.USER_AGENT),
                        millis);
    }

    private static String header(HttpServerExchange exchange, HttpString name) {
        @Nullable String value = exchange.getRequestHeaders().getFirst(name);
        return value == null ? "-" : quoted(value);
    }

    /** What a client says cannot end a line or a field. */
    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ' || c == 0x7f) {
                quoted.append("\\x%02x".formatted((int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }

    @Override
    public void close() {
        files.close();
    }
}
