package dev.shiplog.node.probe;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import javax.net.ssl.SSLSocket;

/**
 * Gets a page by HTTP/1.1, on a connection of its own, and looks at nothing but the head of the
 * answer. It follows redirects to the same host; one to another host is an answer that is well,
 * with a warning. Any header may be set, {@code Host} included, which HTTP client libraries do not
 * allow.
 *
 * @see <a
 *     href="https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/">the
 *     probes of Kubernetes</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112">HTTP/1.1</a>
 */
final class HttpProbe {
    private static final int MOST_REDIRECTS = 10;
    private static final int LONGEST_HEAD_BYTES = 1 << 16;
    private static final int LOWEST_GOOD = 200;
    private static final int LOWEST_BAD = 400;
    private static final int LOWEST_REDIRECT = 300;

    private final String podIp;
    private final long deadline;

    HttpProbe(String podIp, Duration timeout) {
        this.podIp = podIp;
        this.deadline = System.nanoTime() + timeout.toNanos();
    }

    /** The head of an answer. */
    private record Head(int status, Optional<String> location) {}

    Answer ask(Handler.HttpGet get) throws InterruptedException {
        String host = get.host().isEmpty() ? podIp : get.host();
        URI first;
        try {
            first = uri(get.scheme(), host, get.port(), get.path());
        } catch (IllegalArgumentException e) {
            return Answer.notAsked("the path \"" + get.path() + "\" is not one of a URL: " + e);
        }
        URI at = first;
        try {
            for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
                Head head = exchange(at, get.headers());
                Optional<URI> next = head.location().map(at::resolve);
                if (next.isEmpty() || get.anyStatus()) {
                    return judged(head.status(), get.anyStatus());
                }
                if (!String.valueOf(next.get().getHost()).equals(first.getHost())) {
                    return new Answer(
                            Answer.Kind.WELL,
                            "Probe terminated redirects, Location: " + next.get());
                }
                at = next.get();
            }
            return failed(first, "stopped after " + MOST_REDIRECTS + " redirects");
        } catch (SocketTimeoutException slow) {
            return failed(
                    at,
                    "context deadline exceeded (Client.Timeout exceeded while awaiting headers)");
        } catch (IOException | IllegalArgumentException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            return failed(at, String.valueOf(e.getMessage()));
        }
    }

    private static Answer judged(int status, boolean anyStatus) {
        return anyStatus || (status >= LOWEST_GOOD && status < LOWEST_BAD)
                ? Answer.WELL
                : Answer.unwell("HTTP probe failed with statuscode: " + status);
    }

    private static Answer failed(URI at, String why) {
        return Answer.unwell("Get \"" + at + "\": " + why);
    }

    private static URI uri(String scheme, String host, int port, String path) {
        return URI.create(
                scheme
                        + "://"
                        + Connection.hostPort(host, port)
                        + (path.startsWith("/") ? path : "/" + path).replace(" ", "%20"));
    }

    private Head exchange(URI at, List<Handler.Header> headers) throws IOException {
        boolean tls = "https".equals(at.getScheme());
        String host = String.valueOf(at.getHost()).replaceAll("[\\[\\]]", "");
        int port = at.getPort() >= 0 ? at.getPort() : tls ? 443 : 80;
        Duration left = Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
        try (Connection connection = Connection.open(host, port, left)) {
            if (tls) {
                secure(connection, host, port);
            }
            connection.write(request(at, host, port, headers));
            return head(connection);
        }
    }

    private static void secure(Connection connection, String host, int port) throws IOException {
        connection.limitReads();
        SSLSocket socket =
                (SSLSocket)
                        AnyCertificate.context()
                                .getSocketFactory()
                                .createSocket(connection.socket(), host, port, true);
        connection.wrap(socket);
        socket.startHandshake();
    }

    private static byte[] request(URI at, String host, int port, List<Handler.Header> headers) {
        Map<String, String> lines = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        lines.put("Accept", "*/*");
        lines.put("User-Agent", "kube-probe/1.32");
        Map<String, StringBuilder> given = new LinkedHashMap<>();
        for (Handler.Header header : headers) {
            given.merge(
                    header.name(),
                    new StringBuilder(header.value()),
                    (before, more) -> before.append(", ").append(more));
        }
        given.forEach((name, value) -> lines.put(name, value.toString()));
        String shownHost = lines.remove("Host");
        lines.put("Connection", "close");
        StringBuilder text = new StringBuilder();
        String path = at.getRawPath() == null || at.getRawPath().isEmpty() ? "/" : at.getRawPath();
        text.append("GET ").append(path);
        if (at.getRawQuery() != null) {
            text.append('?').append(at.getRawQuery());
        }
        text.append(" HTTP/1.1\r\nHost: ");
        text.append(shownHost == null ? Connection.hostPort(host, port) : shownHost);
        text.append("\r\n");
        // An empty value takes a header away, as Kubernetes has it for Accept and User-Agent.
        lines.forEach((name, value) -> {
            if (!value.isEmpty()) {
                text.append(name).append(": ").append(value).append("\r\n");
            }
        });
        return text.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Reads up to the empty line; interim answers are passed over. */
    private static Head head(Connection connection) throws IOException {
        byte[] buffer = new byte[LONGEST_HEAD_BYTES];
        int length = 0;
        while (true) {
            int count = connection.read(buffer, length, buffer.length - length);
            if (count < 0) {
                throw new IOException("EOF");
            }
            length += count;
            String text = new String(buffer, 0, length, StandardCharsets.ISO_8859_1);
            int end = text.indexOf("\r\n\r\n");
            while (end >= 0) {
                Head head = parse(text.substring(0, end));
                if (head.status() >= LOWEST_GOOD) {
                    return head;
                }
                text = text.substring(end + 4);
                end = text.indexOf("\r\n\r\n");
            }
            if (length == buffer.length) {
                throw new IOException(
                        "expected the head of an answer within " + LONGEST_HEAD_BYTES + " bytes");
            }
            byte[] rest = text.getBytes(StandardCharsets.ISO_8859_1);
            System.arraycopy(rest, 0, buffer, 0, rest.length);
            length = rest.length;
        }
    }

    private static Head parse(String head) throws IOException {
        List<String> lines = head.lines().toList();
        String[] words = lines.isEmpty() ? new String[0] : lines.getFirst().split(" ", 3);
        if (words.length < 2 || !words[0].startsWith("HTTP/1.") || !words[1].matches("[0-9]{3}")) {
            String found = lines.isEmpty() ? "" : lines.getFirst();
            throw new IOException("malformed HTTP response \"" + found + "\"");
        }
        int status = Integer.parseInt(words[1]);
        boolean redirect =
                status >= LOWEST_REDIRECT && status < LOWEST_BAD && status != 304 && status != 300;
        Optional<String> location =
                lines.stream()
                        .skip(1)
                        .filter(line -> line.regionMatches(true, 0, "Location:", 0, 9))
                        .map(line -> line.substring(9).strip())
                        .filter(value -> redirect && !value.isEmpty())
                        .findFirst();
        return new Head(status, location);
    }
}
