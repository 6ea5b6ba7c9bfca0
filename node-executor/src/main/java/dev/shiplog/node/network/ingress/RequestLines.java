package dev.shiplog.node.network.ingress;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/**
 * Writes each request of the proxy in this process into the access log.
 *
 * @param clock of the time of answers
 */
record RequestLines(AccessLog log, InstantSource clock) {
    /** The same, with each request written down when it has ended. */
    HttpHandler logging(HttpHandler handler) {
        return exchange -> {
            long begin = System.nanoTime();
            exchange.addExchangeCompleteListener((ended, next) -> {
                log.write(line(ended, (System.nanoTime() - begin) / 1_000_000));
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
}
