package dev.shiplog.node.link.remote;

import static dev.shiplog.node.link.wire.SessionFrames.END;
import static dev.shiplog.node.link.wire.SessionFrames.PIECE_BYTES;
import static dev.shiplog.node.link.wire.SessionFrames.RESULT;
import static dev.shiplog.node.link.wire.SessionFrames.SIZE;
import static dev.shiplog.node.link.wire.SessionFrames.STDERR;
import static dev.shiplog.node.link.wire.SessionFrames.STDIN;
import static dev.shiplog.node.link.wire.SessionFrames.STDOUT;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.node.agent.LogsUnavailable;
import dev.shiplog.node.agent.MachineUsage;
import dev.shiplog.node.agent.NodeAgent;
import dev.shiplog.node.agent.SessionRefused;
import dev.shiplog.node.link.wire.Inflow;
import dev.shiplog.node.link.wire.LinkPaths;
import dev.shiplog.node.link.wire.SessionFrames;
import dev.shiplog.node.link.wire.SessionRequest;
import dev.shiplog.node.runtime.LogOptions;
import dev.shiplog.node.runtime.PodConnection;
import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.node.runtime.Terminal;
import dev.shiplog.resource.Json;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.WebSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Carries out the sessions that the control plane asks for, each on a thread of its own, over a
 * WebSocket that the node opens. When the client leaves, the session is interrupted.
 */
public final class SessionAnswers {
    /** How long a client may take to read what is left when its session is over. */
    private static final Duration LONGEST_READING = Duration.ofMinutes(5);

    private static final Logger LOG = LoggerFactory.getLogger(SessionAnswers.class);

    private final Link link;
    private final MachineUsage machine = new MachineUsage();
    private volatile Optional<NodeAgent> agent = Optional.empty();

    public SessionAnswers(Link link) {
        this.link = link;
    }

    /** Says whose pods these are; until then there are none. */
    public void of(NodeAgent node) {
        agent = Optional.of(node);
    }

    /** Begins a session; does not block. */
    public void begin(SessionRequest request) {
        Thread.ofVirtual().name("session-" + request.id()).start(() -> answer(request));
    }

    private void answer(SessionRequest request) {
        SessionSocket messages = new SessionSocket();
        try {
            WebSocket socket = link.webSocket(LinkPaths.SESSIONS + "/" + request.id(), messages);
            try {
                new Talk(request, messages, socket).run();
            } finally {
                socket.abort();
            }
        } catch (IOException e) {
            LOG.warn("session {} of {}: {}", request.kind(), request.pod(), e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** One session. */
    private final class Talk {
        private final SessionRequest request;
        private final SessionSocket messages;
        private final WebSocket socket;
        private final Inflow stdin = new Inflow();
        private final CopyOnWriteArrayList<Terminal.Sizes.Listener> sizes =
                new CopyOnWriteArrayList<>();

        Talk(SessionRequest request, SessionSocket messages, WebSocket socket) {
            this.request = request;
            this.messages = messages;
            this.socket = socket;
        }

        void run() throws IOException, InterruptedException {
            Thread worker = Thread.currentThread();
            Thread reader =
                    Thread.ofVirtual().name("session-in-" + request.id()).start(() -> read(worker));
            try {
                ObjectNode result = carriedOut();
                messages.send(socket, SessionFrames.of(RESULT, result.toString()));
                var _ = socket.sendClose(WebSocket.NORMAL_CLOSURE, "");
                // The control plane closes once it has read all, at the pace of its client. It
                // would lose what it has not read yet if this end were torn down before.
                boolean _ = reader.join(LONGEST_READING);
            } finally {
                reader.interrupt();
            }
        }

        private void read(Thread worker) {
            try {
                for (Optional<byte[]> next = messages.take(socket);
                        next.isPresent();
                        next = messages.take(socket)) {
                    byte[] frame = next.get();
                    switch (frame[0]) {
                        case STDIN -> stdin.put(SessionFrames.data(frame));
                        case END -> stdin.end();
                        case SIZE -> resized(SessionFrames.text(frame).split(" ", -1));
                        default -> LOG.debug("a message of kind {} means nothing", frame[0]);
                    }
                }
                stdin.close();
                worker.interrupt();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }

        private void resized(String[] size) {
            int columns = Integer.parseInt(size[0]);
            int rows = Integer.parseInt(size[1]);
            sizes.forEach(listener -> listener.resized(columns, rows));
        }

        private ObjectNode carriedOut() throws IOException, InterruptedException {
            ObjectNode result = Json.EMPTY.toObject();
            try {
                NodeAgent node =
                        agent.orElseThrow(() -> new IOException("the node is still starting"));
                switch (request.kind()) {
                    case EXEC ->
                            result.put(
                                    "code",
                                    node.sessions()
                                            .exec(
                                                    request.pod(),
                                                    request.uid(),
                                                    request.container(),
                                                    request.command(),
                                                    terminal()));
                    case ATTACH ->
                            result.put(
                                    "code",
                                    node.sessions()
                                            .attach(
                                                    request.pod(),
                                                    request.uid(),
                                                    request.container(),
                                                    terminal()));
                    case CONNECT -> connect(node);
                    case USAGE -> usage(node, result.putArray("usage"));
                    case MACHINE -> machine(result.putArray("usage"));
                    case LOGS ->
                            node.logs(
                                    request.pod(),
                                    request.uid(),
                                    request.container(),
                                    request.is("previous"),
                                    options(),
                                    out(STDOUT));
                }
            } catch (SessionRefused refused) {
                result.put("reason", refused.reason().name()).put("message", refused.text());
            } catch (LogsUnavailable | RuntimeFailure failure) {
                result.put("reason", "LOGS").put("message", String.valueOf(failure.getMessage()));
            }
            return result;
        }

        private Terminal terminal() {
            return new Terminal(
                    request.is("stdin") ? Optional.of(stdin) : Optional.empty(),
                    out(STDOUT),
                    request.is("stderr") ? Optional.of(out(STDERR)) : Optional.empty(),
                    request.is("tty"),
                    sizes::add);
        }

        private void connect(NodeAgent node)
                throws SessionRefused, IOException, InterruptedException {
            int port = Integer.parseInt(request.options().getOrDefault("port", "0"));
            try (PodConnection connection =
                    node.sessions().connect(request.pod(), request.uid(), port)) {
                // Yes: until now it could have been refused.
                messages.send(socket, SessionFrames.of(RESULT, "{\"code\":0}"));
                Thread up =
                        Thread.ofVirtual()
                                .name("session-up-" + request.id())
                                .start(() -> up(connection));
                try {
                    copy(connection.in(), out(STDOUT));
                    messages.send(socket, new byte[] {END});
                    up.join();
                } finally {
                    up.interrupt();
                }
            }
        }

        private void up(PodConnection connection) {
            try {
                copy(stdin, connection.out());
                connection.endOutput();
            } catch (IOException _) {
                // The other direction tells.
            }
        }

        private static void copy(InputStream from, OutputStream to) throws IOException {
            byte[] bytes = new byte[PIECE_BYTES];
            for (int n = from.read(bytes); n >= 0; n = from.read(bytes)) {
                to.write(bytes, 0, n);
                to.flush();
            }
        }

        private void usage(NodeAgent node, ArrayNode usages)
                throws SessionRefused, InterruptedException {
            node.sessions()
                    .usage(request.pod(), request.uid())
                    .forEach((container, usage) ->
                            usages.addObject()
                                    .put("container", container)
                                    .put("cpu", usage.cpuNanoCores())
                                    .put("memory", usage.memoryBytes())
                                    .put("windowMillis", usage.window().toMillis()));
        }

        private void machine(ArrayNode usages) throws InterruptedException {
            machine.now()
                    .ifPresent(use ->
                            usages.addObject()
                                    .put("container", request.pod().name())
                                    .put("cpu", use.cpuNanoCores())
                                    .put("memory", use.memoryBytes())
                                    .put("windowMillis", use.window().toMillis()));
        }

        private LogOptions options() {
            return new LogOptions(
                    request.is("follow"),
                    option("tail")
                            .map(tail -> OptionalInt.of(Integer.parseInt(tail)))
                            .orElseGet(OptionalInt::empty),
                    option("since").map(Instant::parse),
                    request.is("timestamps"),
                    option("limit")
                            .map(limit -> OptionalLong.of(Long.parseLong(limit)))
                            .orElseGet(OptionalLong::empty));
        }

        private Optional<String> option(String name) {
            return Optional.ofNullable(request.options().get(name));
        }

        private OutputStream out(byte kind) {
            return new OutputStream() {
                @Override
                public void write(int b) throws IOException {
                    write(new byte[] {(byte) b}, 0, 1);
                }

                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    for (int sent = 0; sent < length; sent += PIECE_BYTES) {
                        messages.send(
                                socket,
                                SessionFrames.of(
                                        kind,
                                        bytes,
                                        offset + sent,
                                        Math.min(PIECE_BYTES, length - sent)));
                    }
                }
            };
        }
    }
}
