package dev.shiplog.api.http;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Handler;
import dev.shiplog.api.Identity;
import dev.shiplog.api.Query;
import dev.shiplog.api.Reply;
import dev.shiplog.api.Status;
import dev.shiplog.api.StreamLimits;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** Carries one request in and its reply out. */
final class Exchange {
    /** As in Kubernetes: below this, zipping costs more than it saves. */
    private static final int GZIP_FROM_BYTES = 128 * 1024;

    /** The library skips the rest of a request's body; beyond this, the connection goes instead. */
    private static final int MAX_SKIPPED_BYTES = 1024 * 1024;

    private static final HeaderName AUDIT_ID = HeaderNames.create("Audit-Id");
    private static final List<HeaderName> IDS =
            List.of(AUDIT_ID, HeaderNames.create("X-Request-Id"));

    private static final int MAX_ID_LENGTH = 128;
    private static final Logger LOG = Logger.getLogger(Exchange.class.getName());

    private final Handler handler;
    private final HttpListener.Authentication authentication;
    private final WriteStalls stalls;
    private final ClientCertificates certificates;
    private final StreamLimits limits;
    private final BodyBudget bodies;

    Exchange(
            Handler handler,
            HttpListener.Authentication authentication,
            WriteStalls stalls,
            ClientCertificates certificates,
            StreamLimits limits,
            BodyBudget bodies) {
        this.bodies = bodies;
        this.certificates = certificates;
        this.limits = limits;
        this.handler = handler;
        this.authentication = authentication;
        this.stalls = stalls;
    }

    void handle(ServerRequest request, ServerResponse response) {
        String id = id(request);
        Identity certified = certificates.identity(request.remotePeer().tlsCertificates());
        ReplyStream stream = new ReplyStream(response, stalls);
        try {
            Reply reply = answer(request, id, certified);
            response.header(AUDIT_ID, id);
            switch (reply) {
                case Reply.Whole whole -> send(request, response, whole);
                case Reply.Streamed streamed -> send(response, streamed, stream);
                case Reply.WebSocket socket -> upgrade(request, response, id, socket);
                case Reply.Spdy spdy -> upgrade(id, spdy);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServerConnectionException("the reader left, or the server stops", e);
        } catch (IOException | ServerConnectionException e) {
            LOG.log(Level.FINE, e, () -> "a reader left: " + request.path().rawPath());
            throw new ServerConnectionException("the reader left", e);
        }
    }

    private Reply answer(ServerRequest request, String id, Identity certified)
            throws InterruptedException {
        try (BodyBudget.Share share = bodies.share()) {
            plain(request.path().rawPath());
            plain(request.query().rawValue());
            Query query = Query.parse(request.query().rawValue());
            HelidonRequest ours = new HelidonRequest(request, id, certified, query, share);
            return handler.handle(ours.as(authentication.identify(certified, ours)));
        } catch (ApiFailure e) {
            return e.status().reply();
        } catch (IOException | RuntimeException e) {
            LOG.log(
                    Level.WARNING,
                    e,
                    () -> "request " + id + " failed: " + request.path().rawPath());
            return Status.internal(String.valueOf(e.getMessage())).reply();
        }
    }

    /**
     * What is in no URL (RFC 3986) must not be handed on to whoever reads lines: a log, or a pod
     * behind a proxy.
     */
    private static void plain(String part) {
        for (int i = 0; i < part.length(); i++) {
            if (part.charAt(i) <= ' ' || part.charAt(i) == 127) {
                throw new ApiFailure(
                        Status.badRequest(
                                "expected a URL, found a space or a control character in it;"
                                        + " escape it as %20 or the like"));
            }
        }
    }

    private void send(ServerRequest request, ServerResponse response, Reply.Whole reply)
            throws IOException {
        closeIfMuchIsUnread(request, response);
        response.status(reply.code());
        reply.headers().forEach(response::header);
        byte[] body = reply.body();
        if (body.length >= GZIP_FROM_BYTES
                && !reply.headers().containsKey("Content-Encoding")
                && acceptsGzip(request)) {
            response.header("Content-Encoding", "gzip");
            response.header("Vary", "Accept-Encoding");
            body = gzip(body);
        }
        stalls.begin();
        try {
            if (request.prologue().method().text().equals("HEAD")) {
                response.header("Content-Length", Integer.toString(body.length));
                response.send();
            } else {
                response.send(body);
            }
        } finally {
            stalls.end();
        }
    }

    private void upgrade(
            ServerRequest request, ServerResponse response, String id, Reply.WebSocket reply)
            throws IOException, InterruptedException {
        try (Reply.Talk talk = reply.talk()) {
            Optional<String> broken = Handshake.objection(request.headers());
            if (broken.isPresent()) {
                Reply.Whole refusal = (Reply.Whole) Status.badRequest(broken.get()).reply();
                send(request, response, refusal);
                return;
            }
            try (WebSocketMessages messages =
                    new WebSocketMessages(TrackedConnections.CURRENT.get(), stalls, limits)) {
                messages.open(Handshake.accept(request.headers(), reply.protocol(), id));
                talk.talk(messages);
            }
        }
        throw new CloseConnectionException("the session is over");
    }

    private void upgrade(String id, Reply.Spdy reply) throws IOException, InterruptedException {
        try (Reply.Talk talk = reply.talk();
                SpdyBytes bytes = new SpdyBytes(TrackedConnections.CURRENT.get(), stalls, limits)) {
            bytes.open(reply.protocol(), id);
            talk.talk(bytes);
        }
        throw new CloseConnectionException("the session is over");
    }

    private static void send(ServerResponse response, Reply.Streamed reply, ReplyStream stream)
            throws IOException, InterruptedException {
        response.status(reply.code());
        reply.headers().forEach(response::header);
        try {
            reply.body().write(stream);
            stream.finish();
        } catch (ApiFailure e) {
            if (stream.begun()) {
                throw new IOException("failed in mid reply: " + e.getMessage(), e);
            }
            Reply failure = e.status().reply();
            response.status(failure.code());
            failure.headers().forEach(response::header);
            response.send(e.status().json().bytes());
        }
    }

    private static void closeIfMuchIsUnread(ServerRequest request, ServerResponse response) {
        if (!request.content().hasEntity() || request.content().consumed()) {
            return;
        }
        long length =
                request.headers().contentLength().isPresent()
                        ? request.headers().contentLength().getAsLong()
                        : Long.MAX_VALUE;
        if (length > MAX_SKIPPED_BYTES) {
            response.header(HeaderValues.CONNECTION_CLOSE);
        }
    }

    private static boolean acceptsGzip(ServerRequest request) {
        return request.headers()
                .first(HeaderNames.ACCEPT_ENCODING)
                .filter(value -> value.contains("gzip"))
                .isPresent();
    }

    private static byte[] gzip(byte[] body) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.length / 8);
        try (GZIPOutputStream zip =
                new GZIPOutputStream(bytes, 64 * 1024) {
                    {
                        def.setLevel(Deflater.BEST_SPEED);
                    }
                }) {
            zip.write(body);
        }
        return bytes.toByteArray();
    }

    /**
     * What the client calls its request; otherwise a UUID (RFC 9562, version 4), of which nobody
     * needs to be kept from guessing the next.
     */
    private static String id(ServerRequest request) {
        for (HeaderName name : IDS) {
            Optional<String> sent =
                    request.headers()
                            .first(name)
                            .filter(value ->
                                    !value.isEmpty()
                                            && value.length() <= MAX_ID_LENGTH
                                            && value.chars().allMatch(c -> c > ' ' && c < 127));
            if (sent.isPresent()) {
                return sent.get();
            }
        }
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return new UUID(
                        (random.nextLong() & ~0xF000L) | 0x4000L,
                        (random.nextLong() & ~(3L << 62)) | (1L << 63))
                .toString();
    }
}
