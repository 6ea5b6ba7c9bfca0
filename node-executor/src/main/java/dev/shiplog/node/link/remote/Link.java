package dev.shiplog.node.link.remote;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.node.link.wire.LinkPaths;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.NodeName;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * HTTP to one control plane, as one node.
 *
 * <p>The client is asked for anew for each request: it changes when the node's certificate does.
 */
public final class Link {
    /** A line is a pod with what it refers to, or a whole view. */
    private static final int MAX_LINE_BYTES = 256 << 20;

    private static final int MAX_ANSWER_BYTES = 1 << 20;
    private static final int LOCAL_BUFFER_BYTES = 64 << 10;

    private final NodeName node;
    private final String server;
    private final Supplier<HttpClient> http;
    private final LinkTimes times;
    private final Reachability reachability;

    /** The streams that are open. */
    private final Set<InputStream> streams = ConcurrentHashMap.newKeySet();

    /**
     * @param server such as {@code https://10.0.0.1:6443}
     * @param http shows the node's certificate and trusts the cluster's authority
     */
    public Link(NodeName node, String server, Supplier<HttpClient> http, LinkTimes times) {
        this.node = node;
        this.server = server;
        this.http = http;
        this.times = times;
        this.reachability = new Reachability(node.value(), server);
    }

    public NodeName node() {
        return node;
    }

    LinkTimes times() {
        return times;
    }

    /** Told of every try that failed. */
    Reachability reachability() {
        return reachability;
    }

    /**
     * Begins every stream anew, with the client that there is now. Sessions go on: who may be in
     * one was asked when it was opened.
     */
    public void beginAnew() {
        for (InputStream stream : List.copyOf(streams)) {
            if (streams.remove(stream)) {
                try {
                    stream.close();
                } catch (IOException _) {
                    // Broken already.
                }
            }
        }
    }

    /**
     * Says something; gives the answer.
     *
     * @throws LinkRefused if the answer is no
     * @throws IOException if there is none
     */
    byte[] post(String what, byte[] body) throws IOException, InterruptedException {
        HttpResponse<InputStream> response =
                http.get()
                        .send(
                                request(what)
                                        .timeout(times.answer())
                                        .header("Content-Type", "application/json")
                                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                                        .build(),
                                HttpResponse.BodyHandlers.ofInputStream());
        reachability.answered();
        try (InputStream answer = response.body()) {
            check(response.statusCode(), answer);
            return answer.readNBytes(MAX_ANSWER_BYTES);
        }
    }

    /**
     * Reads a stream until it breaks. Returns when it was ended in order, by either side, to be
     * begun anew.
     *
     * @param body what is posted for it; empty for a GET
     * @param began told once the control plane has said yes
     * @param line told of each line that is not empty
     */
    void stream(String what, byte[] body, Runnable began, Consumer<byte[]> line)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = request(what);
        request =
                body.length == 0
                        ? request.GET()
                        : request.header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        CompletableFuture<HttpResponse<InputStream>> soon =
                http.get().sendAsync(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        HttpResponse<InputStream> response = awaited(soon);
        reachability.answered();
        try (InputStream in = response.body();
                Watchdog watchdog = new Watchdog(times.silence(), in)) {
            check(response.statusCode(), in);
            streams.add(in);
            began.run();
            try {
                lines(in, watchdog, line);
            } catch (IOException e) {
                if (streams.remove(in)) {
                    throw watchdog.bit()
                            ? new IOException(
                                    "nothing came for " + times.silence().toSeconds() + " s", e)
                            : e;
                }
            } finally {
                streams.remove(in);
            }
        }
    }

    private HttpResponse<InputStream> awaited(CompletableFuture<HttpResponse<InputStream>> soon)
            throws IOException, InterruptedException {
        try {
            return soon.get(times.answer().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failure
                    ? failure
                    : new IOException(String.valueOf(e.getCause()), e);
        } catch (TimeoutException e) {
            soon.cancel(true);
            throw new IOException(
                    "expected an answer of "
                            + server
                            + " within "
                            + times.answer().toMillis()
                            + " ms",
                    e);
        } catch (InterruptedException e) {
            soon.cancel(true);
            throw e;
        }
    }

    private void lines(InputStream raw, Watchdog watchdog, Consumer<byte[]> line)
            throws IOException {
        InputStream in = new BufferedInputStream(raw, LOCAL_BUFFER_BYTES);
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0; next = in.read()) {
            if (next != '\n') {
                if (whole.size() >= MAX_LINE_BYTES) {
                    throw new IOException(
                            "expected lines of at most " + MAX_LINE_BYTES + " bytes, found more");
                }
                whole.write(next);
                continue;
            }
            watchdog.heard();
            reachability.answered();
            if (whole.size() > 0) {
                byte[] bytes = whole.toByteArray();
                whole.reset();
                line.accept(bytes);
            }
        }
    }

    /** Opens a WebSocket. */
    WebSocket webSocket(String what, WebSocket.Listener listener)
            throws IOException, InterruptedException {
        URI uri = URI.create(server.replaceFirst("^http", "ws") + LinkPaths.of(node.value(), what));
        CompletableFuture<WebSocket> soon =
                http.get()
                        .newWebSocketBuilder()
                        .connectTimeout(times.answer())
                        .buildAsync(uri, listener);
        try {
            return soon.get(times.answer().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            soon.cancel(true);
            throw new IOException("a session could not be opened: " + e.getMessage(), e);
        }
    }

    private HttpRequest.Builder request(String what) {
        return HttpRequest.newBuilder(URI.create(server + LinkPaths.of(node.value(), what)))
                .header("Accept", "application/json");
    }

    private static void check(int code, InputStream answer) throws IOException {
        if (code / 100 == 2) {
            return;
        }
        String text = new String(answer.readNBytes(LOCAL_BUFFER_BYTES), StandardCharsets.UTF_8);
        throw new LinkRefused(code, message(text));
    }

    private static String message(String text) {
        try {
            JsonNode status = Json.parse(text).toNode();
            return status.path("message").asText(text);
        } catch (IllegalArgumentException _) {
            return text;
        }
    }

    /** Closes a stream on which nothing comes. */
    private static final class Watchdog implements AutoCloseable {
        private final Thread thread;
        private volatile long heard = System.nanoTime();
        private volatile boolean over;
        private volatile boolean bit;

        Watchdog(Duration silence, InputStream watched) {
            long limit = silence.toNanos();
            this.thread =
                    Thread.ofVirtual()
                            .name("link-watchdog")
                            .start(() -> {
                                try {
                                    long left = limit;
                                    while (!over && left > 0) {
                                        TimeUnit.NANOSECONDS.sleep(left);
                                        left = limit - (System.nanoTime() - heard);
                                    }
                                    if (!over) {
                                        bit = true;
                                        watched.close();
                                    }
                                } catch (InterruptedException | IOException _) {
                                    // Over, or broken already.
                                }
                            });
        }

        /** Whether it closed the stream. */
        boolean bit() {
            return bit;
        }

        void heard() {
            heard = System.nanoTime();
        }

        @Override
        public void close() {
            over = true;
            thread.interrupt();
        }
    }
}
