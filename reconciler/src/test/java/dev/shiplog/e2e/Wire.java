package dev.shiplog.e2e;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * One connection to an API server that is kept alive, for measuring: HTTP/1.1 by hand, so that the
 * client costs little beside the server on the same two cores. One request at a time.
 */
final class Wire implements AutoCloseable {
    private static final int BUFFER_BYTES = 64 << 10;

    private final SSLSocket socket;
    private final InputStream in;
    private final OutputStream out;
    private final byte[] token;
    private byte[] buffer = new byte[BUFFER_BYTES];
    private int from;
    private int to;

    /** Where the server is, and how it is trusted. */
    record Server(SSLSocketFactory tls, int port, String token) {
        Wire connect() {
            try {
                return new Wire(this, BUFFER_BYTES);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** One of many. */
        Wire small() {
            try {
                return new Wire(this, 8 << 10);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /**
     * @param body as it came: zipped, if it was asked for so
     */
    record Answer(int code, byte[] body) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        Answer expect(int wanted) {
            if (code != wanted) {
                throw new IllegalStateException(
                        "expected " + wanted + ", found " + code + ": " + text());
            }
            return this;
        }
    }

    private Wire(Server server, int bytes) throws IOException {
        socket = (SSLSocket) server.tls().createSocket("127.0.0.1", server.port());
        socket.setTcpNoDelay(true);
        buffer = new byte[bytes];
        in = socket.getInputStream();
        out = socket.getOutputStream();
        token =
                ("Authorization: Bearer " + server.token() + "\r\n")
                        .getBytes(StandardCharsets.US_ASCII);
    }

    /** A request without a body, ready to be sent again and again. */
    byte[] get(String path, String... headers) {
        return request("GET", path, new byte[0], headers);
    }

    byte[] request(String method, String path, byte[] body, String... headers) {
        StringBuilder head =
                new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        if (body.length > 0) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        byte[] first = head.toString().getBytes(StandardCharsets.US_ASCII);
        byte[] all = Arrays.copyOf(first, first.length + token.length + 2 + body.length);
        System.arraycopy(token, 0, all, first.length, token.length);
        all[first.length + token.length] = '\r';
        all[first.length + token.length + 1] = '\n';
        System.arraycopy(body, 0, all, all.length - body.length, body.length);
        return all;
    }

    Answer call(String method, String path, String json) {
        return send(
                request(
                        method,
                        path,
                        json.getBytes(StandardCharsets.UTF_8),
                        "Content-Type: application/"
                                + (method.equals("PATCH") ? "merge-patch+json" : "json")));
    }

    /** Sends a request and reads the whole answer. */
    Answer send(byte[] request) {
        try {
            out.write(request);
            Head head = head();
            byte[] body = new byte[Math.max(0, head.length())];
            int done = Math.min(body.length, to - from);
            System.arraycopy(buffer, from, body, 0, done);
            from += done;
            if (in.readNBytes(body, done, body.length - done) < body.length - done) {
                throw new EOFException("the answer ends early");
            }
            return new Answer(head.code(), body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a request whose answer goes on; its bytes are read by {@link #more}. */
    void begin(byte[] request) {
        try {
            out.write(request);
            Head head = head();
            if (head.code() != 200) {
                throw new IllegalStateException("expected a stream, found " + head);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Looks at bytes of an answer as they are, framing and all. */
    interface Looking {
        void at(byte[] bytes, int from, int to);
    }

    /** Waits for more bytes; false at the end. */
    boolean more(Looking looking) {
        try {
            if (from == to) {
                from = 0;
                to = Math.max(0, in.read(buffer));
            }
            looking.at(buffer, from, to);
            boolean any = to > from;
            from = to;
            return any;
        } catch (IOException _) {
            return false;
        }
    }

    /**
     * @param length of the body; -1 if only its end tells
     */
    private record Head(int code, int length) {}

    private Head head() throws IOException {
        int end = -1;
        int scanned = from;
        while (end < 0) {
            for (int i = scanned; i + 3 < to; i++) {
                if (buffer[i] == '\r'
                        && buffer[i + 1] == '\n'
                        && buffer[i + 2] == '\r'
                        && buffer[i + 3] == '\n') {
                    end = i;
                    break;
                }
            }
            if (end < 0) {
                scanned = Math.max(from, to - 3);
                if (from > 0) {
                    System.arraycopy(buffer, from, buffer, 0, to - from);
                    to -= from;
                    scanned -= from;
                    from = 0;
                }
                int n = in.read(buffer, to, buffer.length - to);
                if (n <= 0) {
                    throw new EOFException("the server closed the connection");
                }
                to += n;
            }
        }
        String head = new String(buffer, from, end - from, StandardCharsets.ISO_8859_1);
        from = end + 4;
        int length = -1;
        String lower = head.toLowerCase(Locale.ROOT);
        int at = lower.indexOf("\r\ncontent-length:");
        if (at >= 0) {
            int until = lower.indexOf('\r', at + 2);
            length =
                    Integer.parseInt(
                            lower.substring(at + 17, until < 0 ? lower.length() : until).strip());
        }
        return new Head(Integer.parseInt(head.substring(9, 12)), length);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
