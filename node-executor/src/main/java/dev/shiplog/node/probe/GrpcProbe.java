package dev.shiplog.node.probe;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersDecoder;
import io.netty.handler.codec.http2.Http2HeadersEncoder;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * One call of {@code grpc.health.v1.Health/Check}, on a connection of its own, without TLS. One
 * request and one answer of a few bytes need no flow control and no second stream, so the few
 * frames are written here; only the compression of headers is a library's.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9113">HTTP/2</a>
 * @see <a href="https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md">gRPC over it</a>
 * @see <a href="https://github.com/grpc/grpc/blob/master/doc/health-checking.md">the health
 *     service</a>
 */
final class GrpcProbe {
    private static final byte[] PREFACE =
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private static final int FRAME_HEADER_BYTES = 9;

    /** What a peer may send without being told otherwise. */
    private static final int LONGEST_FRAME_BYTES = 1 << 14;

    /** Frames of one answer at most; a server sends a handful. */
    private static final int MOST_FRAMES = 100;

    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int GOAWAY = 7;
    private static final int CONTINUATION = 9;

    private static final int ACK = 1;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;
    private static final int PADDED = 8;
    private static final int PRIORITY = 0x20;

    private static final int UNIMPLEMENTED = 12;
    private static final int SERVING = 1;

    private final String host;
    private final int port;
    private final Duration timeout;
    private final ByteArrayOutputStream block = new ByteArrayOutputStream();
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();
    private final Http2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(true);
    private final Http2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();
    private Optional<Status> status = Optional.empty();
    private boolean ended;

    GrpcProbe(String host, int port, Duration timeout) {
        this.host = host;
        this.port = port;
        this.timeout = timeout;
    }

    /** How the call ended, by gRPC's own number. */
    private record Status(int code, String message) {}

    private record Frame(int type, int flags, byte[] payload) {
        boolean has(int flag) {
            return (flags & flag) != 0;
        }
    }

    Answer ask(String service) throws InterruptedException {
        byte[] request = request(service);
        String address = Connection.hostPort(host, port);
        Connection connection;
        try {
            connection = Connection.open(host, port, timeout);
        } catch (IOException e) {
            check();
            return Answer.unwell(
                    e.getCause() instanceof SocketTimeoutException
                            ? "timeout: failed to connect service \"%s\" within %ds: context deadline exceeded"
                                    .formatted(address, timeout.toSeconds())
                            : "error: failed to connect service at \"%s\": %s"
                                    .formatted(address, e.getMessage()));
        }
        try (connection) {
            connection.write(request);
            for (int frames = 0; !ended && frames < MOST_FRAMES; frames++) {
                take(connection, frame(connection));
            }
            return answer();
        } catch (SocketTimeoutException slow) {
            return Answer.unwell(
                    "timeout: health rpc did not complete within " + timeout.toSeconds() + "s");
        } catch (IOException | Http2Exception e) {
            check();
            return Answer.unwell("error: health rpc probe failed: " + e.getMessage());
        }
    }

    private static void check() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    private byte[] request(String service) {
        byte[] name = service.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        if (name.length > 0) {
            message.write(1 << 3 | 2);
            varint(message, name.length);
            message.writeBytes(name);
        }
        ByteBuffer body = ByteBuffer.allocate(5 + message.size());
        body.put((byte) 0).putInt(message.size()).put(message.toByteArray());
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(PREFACE);
        all.writeBytes(frame(SETTINGS, 0, 0, new byte[0]));
        all.writeBytes(frame(HEADERS, END_HEADERS, 1, headers()));
        all.writeBytes(frame(DATA, END_STREAM, 1, body.array()));
        return all.toByteArray();
    }

    private byte[] headers() {
        Http2Headers headers =
                new DefaultHttp2Headers()
                        .method("POST")
                        .scheme("http")
                        .path("/grpc.health.v1.Health/Check")
                        .authority(Connection.hostPort(host, port))
                        .add("content-type", "application/grpc")
                        .add("te", "trailers")
                        .add("user-agent", "kube-probe/1.32");
        ByteBuf buffer = Unpooled.buffer();
        try {
            encoder.encodeHeaders(1, headers, buffer);
        } catch (Http2Exception e) {
            throw new IllegalStateException("a few short headers are not encoded", e);
        }
        byte[] bytes = new byte[buffer.readableBytes()];
        buffer.readBytes(bytes);
        return bytes;
    }

    private static void varint(ByteArrayOutputStream out, int value) {
        int rest = value;
        while (rest > 0x7f) {
            out.write((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
    }

    private static byte[] frame(int type, int flags, int stream, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(FRAME_HEADER_BYTES + payload.length);
        frame.put((byte) (payload.length >> 16)).putShort((short) payload.length);
        return frame.put((byte) type).put((byte) flags).putInt(stream).put(payload).array();
    }

    private static Frame frame(Connection connection) throws IOException {
        byte[] head = exactly(connection, FRAME_HEADER_BYTES);
        int length = ((head[0] & 0xff) << 16) | ((head[1] & 0xff) << 8) | (head[2] & 0xff);
        if (length > LONGEST_FRAME_BYTES) {
            throw new IOException(
                    "expected a frame of at most %d bytes, found one of %d: no HTTP/2 without TLS?"
                            .formatted(LONGEST_FRAME_BYTES, length));
        }
        return new Frame(head[3], head[4] & 0xff, exactly(connection, length));
    }

    private static byte[] exactly(Connection connection, int length) throws IOException {
        byte[] bytes = new byte[length];
        int have = 0;
        while (have < length) {
            int count = connection.read(bytes, have, length - have);
            if (count < 0) {
                throw new EOFException("EOF");
            }
            have += count;
        }
        return bytes;
    }

    private void take(Connection connection, Frame frame) throws IOException, Http2Exception {
        switch (frame.type) {
            case SETTINGS -> {
                if (!frame.has(ACK)) {
                    connection.write(frame(SETTINGS, ACK, 0, new byte[0]));
                }
            }
            case PING -> {
                if (!frame.has(ACK)) {
                    connection.write(frame(PING, ACK, 0, frame.payload));
                }
            }
            case HEADERS -> {
                ended = frame.has(END_STREAM);
                block.writeBytes(content(frame));
                endOfBlock(frame);
            }
            case CONTINUATION -> {
                block.writeBytes(frame.payload);
                endOfBlock(frame);
            }
            case DATA -> {
                data.writeBytes(content(frame));
                ended = frame.has(END_STREAM);
            }
            case RST_STREAM, GOAWAY ->
                    throw new IOException("the server ended the call (frame " + frame.type + ")");
            default -> {
                // RFC 9113, section 4.1: frames of other types are passed over.
            }
        }
    }

    private static byte[] content(Frame frame) throws IOException {
        ByteBuffer payload = ByteBuffer.wrap(frame.payload);
        try {
            int padding = frame.has(PADDED) ? payload.get() & 0xff : 0;
            if (frame.type == HEADERS && frame.has(PRIORITY)) {
                payload.position(payload.position() + 5);
            }
            byte[] content = new byte[payload.remaining() - padding];
            payload.get(content);
            return content;
        } catch (RuntimeException e) {
            throw new IOException("a damaged frame of type " + frame.type, e);
        }
    }

    private void endOfBlock(Frame frame) throws Http2Exception {
        if (!frame.has(END_HEADERS)) {
            return;
        }
        Http2Headers headers =
                decoder.decodeHeaders(1, Unpooled.wrappedBuffer(block.toByteArray()));
        block.reset();
        CharSequence code = headers.get("grpc-status");
        if (code != null && code.toString().matches("[0-9]{1,3}")) {
            CharSequence message = headers.get("grpc-message");
            status =
                    Optional.of(
                            new Status(
                                    Integer.parseInt(code.toString()),
                                    message == null ? "" : message.toString()));
        } else if (headers.status() != null && !"200".contentEquals(headers.status())) {
            status = Optional.of(new Status(-1, "HTTP status " + headers.status()));
        }
    }

    private Answer answer() {
        int code = status.map(Status::code).orElse(0);
        String message = status.map(Status::message).orElse("");
        if (code == UNIMPLEMENTED) {
            return Answer.unwell(
                    "error: this server does not implement the grpc health protocol"
                            + " (grpc.health.v1.Health): "
                            + message);
        }
        if (code != 0) {
            return Answer.unwell(
                    "error: health rpc probe failed: rpc error: code = %d desc = %s"
                            .formatted(code, message));
        }
        int health = health(data.toByteArray());
        return health == SERVING
                ? Answer.WELL
                : Answer.unwell("service unhealthy (responded with \"" + name(health) + "\")");
    }

    /** The field {@code status} of the answer: 0 when it is not there. */
    private static int health(byte[] framed) {
        for (int at = 5; at + 1 < framed.length; at += 2) {
            if (framed[at] == 1 << 3) {
                return framed[at + 1];
            }
        }
        return 0;
    }

    private static String name(int health) {
        return switch (health) {
            case 0 -> "UNKNOWN";
            case 2 -> "NOT_SERVING";
            case 3 -> "SERVICE_UNKNOWN";
            default -> Integer.toString(health);
        };
    }
}
