package dev.shiplog.link.remote;

import static dev.shiplog.node.link.wire.SessionFrames.END;
import static dev.shiplog.node.link.wire.SessionFrames.PIECE_BYTES;
import static dev.shiplog.node.link.wire.SessionFrames.RESULT;
import static dev.shiplog.node.link.wire.SessionFrames.SIZE;
import static dev.shiplog.node.link.wire.SessionFrames.STDERR;
import static dev.shiplog.node.link.wire.SessionFrames.STDIN;
import static dev.shiplog.node.link.wire.SessionFrames.STDOUT;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.LogQuery;
import dev.shiplog.api.Messages;
import dev.shiplog.api.PodLogs;
import dev.shiplog.api.PodSessions;
import dev.shiplog.api.Reply;
import dev.shiplog.api.Status;
import dev.shiplog.node.link.wire.Inflow;
import dev.shiplog.node.link.wire.LinkCodec;
import dev.shiplog.node.link.wire.SessionFrames;
import dev.shiplog.node.link.wire.SessionRequest;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Sessions with the pods of nodes on other machines. The node is told over its stream, and opens a
 * WebSocket for the session; so nobody has to reach the node.
 */
public final class RemoteSessions implements PodSessions, PodLogs {
    private static final Logger LOG = Logger.getLogger(RemoteSessions.class.getName());

    /** How long a node may take to call back. */
    private static final long CALL_SECONDS = 15;

    private final Function<NodeName, Optional<NodeStream>> streams;
    private final Map<String, Waiting> waiting = new ConcurrentHashMap<>();

    /** A session that its node has not called back for. */
    private record Waiting(NodeName node, CompletableFuture<Opened> opened) {}

    /** A WebSocket that is open until {@code over}. */
    private record Opened(Messages messages, CountDownLatch over) {}

    RemoteSessions(Function<NodeName, Optional<NodeStream>> streams) {
        this.streams = streams;
    }

    /** The reply to a node that calls back. */
    Reply callBack(NodeName node, String id) {
        Waiting session = waiting.get(id);
        if (session == null || !session.node().equals(node)) {
            throw new ApiFailure(Status.of(404, "NotFound", "nobody waits for session " + id));
        }
        waiting.remove(id);
        return new Reply.WebSocket(
                "",
                new Reply.Talk() {
                    @Override
                    public void talk(Messages messages) throws InterruptedException {
                        CountDownLatch over = new CountDownLatch(1);
                        if (session.opened().complete(new Opened(messages, over))) {
                            over.await();
                        }
                    }

                    @Override
                    public void close() {
                        // It holds nothing.
                    }
                });
    }

    private Opened open(SessionRequest request, NodeName node) throws InterruptedException {
        NodeStream stream =
                streams.apply(node)
                        .orElseThrow(() -> unavailable("node \"" + node + "\" is not connected"));
        Waiting session = new Waiting(node, new CompletableFuture<>());
        waiting.put(request.id(), session);
        try {
            stream.send(new LinkCodec.Down.SessionWanted(request));
            return session.opened().get(CALL_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw unavailable(
                    "expected node \"" + node + "\" to call back within " + CALL_SECONDS + " s");
        } finally {
            waiting.remove(request.id());
            // One that comes too late is not waited for.
            session.opened().cancel(false);
        }
    }

    private static ApiFailure unavailable(String why) {
        return new ApiFailure(Status.of(503, "ServiceUnavailable", why));
    }

    private static NodeName node(Resource pod) {
        return new NodeName(pod.body().toNode().path("spec").path("nodeName").asText());
    }

    private static SessionRequest request(
            SessionRequest.Kind kind,
            Resource pod,
            String container,
            List<String> command,
            SortedMap<String, String> options) {
        return new SessionRequest(
                UUID.randomUUID().toString(),
                kind,
                pod.key(),
                pod.uid(),
                container,
                command,
                options);
    }

    // ---- the kinds ----

    @Override
    public int exec(Resource pod, String container, List<String> command, Terminal terminal)
            throws IOException, InterruptedException {
        return process(SessionRequest.Kind.EXEC, pod, container, command, terminal);
    }

    @Override
    public int attach(Resource pod, String container, Terminal terminal)
            throws IOException, InterruptedException {
        return process(SessionRequest.Kind.ATTACH, pod, container, List.of(), terminal);
    }

    private int process(
            SessionRequest.Kind kind,
            Resource pod,
            String container,
            List<String> command,
            Terminal terminal)
            throws IOException, InterruptedException {
        SortedMap<String, String> options = new TreeMap<>();
        options.put("stdin", Boolean.toString(terminal.stdin().isPresent()));
        options.put("stderr", Boolean.toString(terminal.stderr().isPresent()));
        options.put("tty", Boolean.toString(terminal.tty()));
        Opened opened = open(request(kind, pod, container, command, options), node(pod));
        try {
            terminal.sizes()
                    .listen((columns, rows) ->
                            quietly(
                                    opened.messages(),
                                    SessionFrames.of(SIZE, columns + " " + rows)));
            Optional<Thread> stdin =
                    terminal.stdin()
                            .map(in ->
                                    Thread.ofVirtual()
                                            .name("remote-stdin")
                                            .start(() -> send(in, opened.messages())));
            try {
                return result(opened, terminal.stdout(), terminal.stderr()).path("code").asInt();
            } finally {
                stdin.ifPresent(Thread::interrupt);
            }
        } finally {
            end(opened);
        }
    }

    @Override
    public Optional<List<Usage>> usage(Resource pod) throws IOException, InterruptedException {
        return usage(
                request(SessionRequest.Kind.USAGE, pod, "", List.of(), new TreeMap<>()), node(pod));
    }

    /** Empty for a node that does not answer, or does not know the question. */
    @Override
    public Optional<Usage> machine(String node) throws InterruptedException {
        ResourceKey key = ResourceKey.node(new NodeName(node));
        SessionRequest request =
                new SessionRequest(
                        UUID.randomUUID().toString(),
                        SessionRequest.Kind.MACHINE,
                        key,
                        new Uid(node),
                        "",
                        List.of(),
                        new TreeMap<>());
        try {
            return usage(request, new NodeName(node)).map(List::getFirst);
        } catch (IOException | ApiFailure e) {
            LOG.log(Level.FINE, e, () -> "not measured: " + key);
            return Optional.empty();
        }
    }

    private Optional<List<Usage>> usage(SessionRequest request, NodeName node)
            throws IOException, InterruptedException {
        Opened opened = open(request, node);
        try {
            List<Usage> usages = new ArrayList<>();
            for (JsonNode one :
                    result(opened, OutputStream.nullOutputStream(), Optional.empty())
                            .path("usage")) {
                usages.add(
                        new Usage(
                                one.path("container").asText(),
                                one.path("cpu").asLong(),
                                one.path("memory").asLong(),
                                Duration.ofMillis(one.path("windowMillis").asLong())));
            }
            return usages.isEmpty() ? Optional.empty() : Optional.of(usages);
        } finally {
            end(opened);
        }
    }

    @Override
    public void write(
            Resource pod, String container, boolean previous, LogQuery query, OutputStream out)
            throws IOException, InterruptedException {
        SortedMap<String, String> options = new TreeMap<>();
        options.put("previous", Boolean.toString(previous));
        options.put("follow", Boolean.toString(query.follow()));
        options.put("timestamps", Boolean.toString(query.timestamps()));
        query.tailLines()
                .ifPresent(lines ->
                        options.put("tail", Long.toString(Math.min(lines, Integer.MAX_VALUE))));
        query.since().ifPresent(since -> options.put("since", since.toString()));
        query.limitBytes().ifPresent(bytes -> options.put("limit", Long.toString(bytes)));
        Opened opened =
                open(
                        request(SessionRequest.Kind.LOGS, pod, container, List.of(), options),
                        node(pod));
        try {
            JsonNode _ = result(opened, out, Optional.empty());
        } finally {
            end(opened);
        }
    }

    @Override
    public Connection connect(Resource pod, int port) throws IOException, InterruptedException {
        SortedMap<String, String> options = new TreeMap<>();
        options.put("port", Integer.toString(port));
        Opened opened =
                open(request(SessionRequest.Kind.CONNECT, pod, "", List.of(), options), node(pod));
        boolean connected = false;
        try {
            JsonNode _ = result(opened, OutputStream.nullOutputStream(), Optional.empty());
            connected = true;
        } finally {
            if (!connected) {
                end(opened);
            }
        }
        return new Tunnel(opened);
    }

    // ---- the socket ----

    /** Passes output on until the result comes. An interrupt ends the session. */
    private static JsonNode result(
            Opened opened, OutputStream stdout, Optional<OutputStream> stderr)
            throws IOException, InterruptedException {
        CompletableFuture<JsonNode> result = new CompletableFuture<>();
        Thread.ofVirtual()
                .name("remote-output")
                .start(() -> {
                    try {
                        result.complete(pass(opened.messages(), stdout, stderr));
                    } catch (IOException | RuntimeException e) {
                        result.completeExceptionally(e);
                    }
                });
        try {
            JsonNode told = result.get();
            if (told.has("message")) {
                throw failure(told);
            }
            return told;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failure
                    ? failure
                    : new IOException(String.valueOf(e.getCause()), e);
        }
    }

    private static JsonNode pass(
            Messages messages, OutputStream stdout, Optional<OutputStream> stderr)
            throws IOException {
        for (Optional<Messages.Message> next = messages.receive();
                next.isPresent();
                next = messages.receive()) {
            byte[] frame = next.get().bytes();
            OutputStream to =
                    switch (frame[0]) {
                        case STDOUT -> stdout;
                        case STDERR -> stderr.orElse(stdout);
                        default -> OutputStream.nullOutputStream();
                    };
            if (frame[0] == RESULT) {
                return SessionFrames.json(frame);
            }
            to.write(frame, 1, frame.length - 1);
            to.flush();
        }
        throw new IOException("the node left in the middle of the session");
    }

    private static ApiFailure failure(JsonNode told) {
        String message = told.path("message").asText();
        return new ApiFailure(
                switch (told.path("reason").asText()) {
                    case "NOT_FOUND", "NOT_RUNNING", "LOGS" -> Status.badRequest(message);
                    case "TOO_MANY" -> Status.of(429, "TooManyRequests", message);
                    default -> Status.of(500, "InternalError", message);
                });
    }

    private static void send(InputStream in, Messages messages) {
        byte[] bytes = new byte[PIECE_BYTES];
        try {
            for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
                messages.send(SessionFrames.of(STDIN, bytes, 0, n));
            }
            messages.send(new byte[] {END});
        } catch (IOException _) {
            // The client or the node has left, which the other direction tells.
        }
    }

    private static void quietly(Messages messages, byte[] frame) {
        try {
            messages.send(frame);
        } catch (IOException _) {
            // As above.
        }
    }

    private static void end(Opened opened) {
        try {
            opened.messages().close(Messages.NORMAL, "");
        } catch (IOException _) {
            // Gone already.
        } finally {
            opened.over().countDown();
        }
    }

    /** A connection into a pod. */
    private static final class Tunnel implements Connection {
        private final Opened opened;
        private final Inflow in = new Inflow();

        Tunnel(Opened opened) {
            this.opened = opened;
            Thread.ofVirtual().name("remote-tunnel").start(this::receive);
        }

        private void receive() {
            try {
                for (Optional<Messages.Message> next = opened.messages().receive();
                        next.isPresent();
                        next = opened.messages().receive()) {
                    byte[] frame = next.get().bytes();
                    if (frame[0] == STDOUT) {
                        in.put(SessionFrames.data(frame));
                    } else if (frame[0] == END || frame[0] == RESULT) {
                        in.end();
                    }
                }
                in.end();
            } catch (IOException e) {
                ended();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void ended() {
            try {
                in.end();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public InputStream in() {
            return in;
        }

        @Override
        public OutputStream out() {
            return new OutputStream() {
                @Override
                public void write(int b) throws IOException {
                    write(new byte[] {(byte) b}, 0, 1);
                }

                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    for (int sent = 0; sent < length; sent += PIECE_BYTES) {
                        opened.messages()
                                .send(
                                        SessionFrames.of(
                                                STDIN,
                                                bytes,
                                                offset + sent,
                                                Math.min(PIECE_BYTES, length - sent)));
                    }
                }
            };
        }

        @Override
        public void endOutput() throws IOException {
            opened.messages().send(new byte[] {END});
        }

        @Override
        public void close() {
            in.close();
            end(opened);
        }
    }
}
