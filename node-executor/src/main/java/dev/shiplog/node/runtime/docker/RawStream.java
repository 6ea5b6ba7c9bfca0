package dev.shiplog.node.runtime.docker;

import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * A request to the Engine whose connection becomes a stream of bytes in both directions. Made by
 * hand, because the client library cannot say that the input has ended while the output goes on.
 *
 * @see <a href="https://docs.docker.com/reference/api/engine/">Engine API, "Attach to a
 *     container"</a>
 */
final class RawStream implements AutoCloseable {
    /** A status line and headers are shorter than this many bytes. */
    private static final int MAX_HEAD_BYTES = 1 << 16;

    private static final int MAX_BODY_BYTES = 1 << 16;

    private static final int DEFAULT_PORT = 2375;
    private static final int SWITCHING_PROTOCOLS = 101;
    private static final int OK = 200;
    private static final int CREATED = 201;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;

    private final Wire wire;
    private final InputStream in;

    private RawStream(Wire wire) {
        this.wire = wire;
        this.in = new BufferedInputStream(wire.in());
    }

    /** A connection of whichever sort the Engine listens on. */
    private record Wire(InputStream in, OutputStream out, Closing endOutput, Closing close) {
        private interface Closing {
            void run() throws IOException;
        }

        static Wire to(URI host, Optional<SSLContext> tls) throws IOException {
            return switch (String.valueOf(host.getScheme()).toLowerCase(Locale.ROOT)) {
                case "unix" -> unix(host);
                case "tcp", "http", "https" -> tcp(host, tls);
                default ->
                        throw new IOException(
                                "expected an Engine at unix:// or tcp:// for sessions, found "
                                        + host);
            };
        }

        private static Wire unix(URI host) throws IOException {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                channel.connect(UnixDomainSocketAddress.of(host.getPath()));
            } catch (IOException refused) {
                channel.close();
                throw refused;
            }
            return new Wire(
                    Channels.newInputStream(channel),
                    Channels.newOutputStream(channel),
                    channel::shutdownOutput,
                    channel::close);
        }

        private static Wire tcp(URI host, Optional<SSLContext> tls) throws IOException {
            int port = host.getPort() < 0 ? DEFAULT_PORT : host.getPort();
            Socket socket =
                    tls.isPresent() ? tls.get().getSocketFactory().createSocket() : new Socket();
            try {
                socket.connect(
                        new InetSocketAddress(host.getHost(), port),
                        (int) Engine.CONNECT_LIMIT.toMillis());
                if (socket instanceof SSLSocket secure) {
                    secure.startHandshake();
                }
                return new Wire(
                        socket.getInputStream(),
                        socket.getOutputStream(),
                        socket::shutdownOutput,
                        socket::close);
            } catch (IOException refused) {
                socket.close();
                throw refused;
            }
        }
    }

    /**
     * @param path with its query
     * @param body JSON, or empty
     * @throws DockerException when the Engine answers and refuses
     * @throws IOException when it cannot be reached, or the calling thread is interrupted
     */
    static RawStream post(Engine engine, String path, String body) throws IOException {
        RawStream stream = new RawStream(Wire.to(engine.host(), engine.tls()));
        try {
            stream.request(path, body.getBytes(StandardCharsets.UTF_8));
            return stream;
        } catch (IOException | RuntimeException failed) {
            stream.close();
            throw failed;
        }
    }

    /** A request that is answered by a body and nothing more. */
    static String ask(Engine engine, String path, String body) throws IOException {
        try (RawStream stream = new RawStream(Wire.to(engine.host(), engine.tls()))) {
            List<String> head = stream.request(path, body.getBytes(StandardCharsets.UTF_8));
            return stream.body(head);
        }
    }

    InputStream in() {
        return in;
    }

    OutputStream out() {
        return wire.out();
    }

    void endOutput() throws IOException {
        wire.endOutput().run();
    }

    @Override
    public void close() throws IOException {
        wire.close().run();
    }

    private List<String> request(String path, byte[] body) throws IOException {
        String head =
                "POST "
                        + path
                        + " HTTP/1.1\r\nHost: docker\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n"
                        + "Content-Type: application/json\r\nContent-Length: "
                        + body.length
                        + "\r\n\r\n";
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
        request.writeBytes(body);
        wire.out().write(request.toByteArray());
        wire.out().flush();
        List<String> answer = head();
        int status = status(answer.getFirst());
        if (status != SWITCHING_PROTOCOLS && status != OK && status != CREATED) {
            throw refused(status, answer);
        }
        return answer;
    }

    private List<String> head() throws IOException {
        List<String> lines = new ArrayList<>();
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int count = 0; count < MAX_HEAD_BYTES; count++) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("the Engine closed the connection without an answer");
            }
            if (next != '\n') {
                line.write(next);
                continue;
            }
            String text = line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
            line.reset();
            if (text.isEmpty() && !lines.isEmpty()) {
                return lines;
            }
            lines.add(text);
        }
        throw new IOException("expected an answer of HTTP, found " + MAX_HEAD_BYTES + " bytes");
    }

    private static int status(String line) throws IOException {
        String[] words = line.split(" ", 3);
        if (words.length < 2 || !words[1].matches("[0-9]{3}")) {
            throw new IOException("expected a status line of HTTP, found \"" + line + "\"");
        }
        return Integer.parseInt(words[1]);
    }

    private DockerException refused(int status, List<String> head) throws IOException {
        String body = body(head);
        String message = body.isEmpty() ? head.getFirst() : body;
        return switch (status) {
            case NOT_FOUND -> new NotFoundException(message);
            case CONFLICT -> new ConflictException(message);
            default -> new DockerException(message, status);
        };
    }

    /** What the head says is the body; an error's may be as long as it likes, and is cut. */
    private String body(List<String> head) throws IOException {
        int length =
                head.stream()
                        .map(line -> line.toLowerCase(Locale.ROOT))
                        .filter(line -> line.matches("content-length: *[0-9]{1,9}"))
                        .map(line -> Integer.parseInt(line.split(": *", 2)[1]))
                        .findFirst()
                        .orElse(0);
        return new String(in.readNBytes(Math.min(length, MAX_BODY_BYTES)), StandardCharsets.UTF_8);
    }
}
