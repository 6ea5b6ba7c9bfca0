package dev.shiplog.api.stream;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Messages;
import dev.shiplog.api.PodSessions;
import dev.shiplog.api.Reply;
import dev.shiplog.api.SessionJournal.Entry;
import dev.shiplog.api.SessionJournal.Outcome;
import dev.shiplog.resource.Resource;

import io.netty.handler.codec.spdy.SpdyDataFrame;
import io.netty.handler.codec.spdy.SpdyFrame;
import io.netty.handler.codec.spdy.SpdyGoAwayFrame;
import io.netty.handler.codec.spdy.SpdyHeaders;
import io.netty.handler.codec.spdy.SpdyPingFrame;
import io.netty.handler.codec.spdy.SpdyRstStreamFrame;
import io.netty.handler.codec.spdy.SpdyStreamStatus;
import io.netty.handler.codec.spdy.SpdySynStreamFrame;
import io.netty.util.ReferenceCountUtil;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * kubectl's port-forward: SPDY/3.1, over a WebSocket or bare. For each connection the client begins
 * two streams with the same {@code requestid}, one for data, one for an error's text.
 */
final class SpdyPortForward implements Reply.Talk {
    static final String PROTOCOL = "SPDY/3.1+portforward.k8s.io";

    /** The subprotocol where SPDY is spoken without a WebSocket around it. */
    static final String BARE_PROTOCOL = "portforward.k8s.io";

    private static final int MAX_CONNECTIONS = 128;
    private static final int MAX_PORT = 65_535;
    private static final Logger LOG = Logger.getLogger(SpdyPortForward.class.getName());

    private final PodSessions sessions;
    private final Resource pod;
    private final Supplier<Entry> journal;
    private final Slots.Slot slot;
    private final Duration silence;
    private final Map<String, Pair> pairs = new ConcurrentHashMap<>();
    private final Map<Integer, Pair> byStream = new ConcurrentHashMap<>();

    /**
     * @param silence how long a client may be silent; it is asked three times in that
     */
    SpdyPortForward(
            PodSessions sessions,
            Resource pod,
            Supplier<Entry> journal,
            Slots.Slot slot,
            Duration silence) {
        this.silence = silence;
        this.sessions = sessions;
        this.pod = pod;
        this.journal = journal;
        this.slot = slot;
    }

    @Override
    public void close() {
        slot.close();
    }

    @Override
    public void talk(Messages messages) throws IOException, InterruptedException {
        Entry entry;
        try {
            entry = journal.get();
        } catch (ApiFailure refusal) {
            messages.close(Messages.INTERNAL_ERROR, refusal.status().message());
            return;
        }
        Outcome outcome = new Outcome.Left();
        try (SpdyWire wire = new SpdyWire(messages);
                SpdyPings _ = new SpdyPings(wire, silence)) {
            try {
                serve(wire);
                outcome = new Outcome.Ended();
                messages.close(Messages.NORMAL, "");
            } finally {
                end();
            }
        } catch (IOException e) {
            LOG.log(Level.FINE, e, () -> "a port-forward to " + pod.key() + " ended");
        } finally {
            // An interrupt has done what it was for.
            Thread.interrupted();
            entry.closed(outcome);
        }
    }

    private void serve(SpdyWire wire) throws IOException, InterruptedException {
        Optional<SpdyFrame> frame = wire.next();
        while (frame.isPresent()) {
            try {
                if (frame.get() instanceof SpdyGoAwayFrame) {
                    return;
                }
                take(wire, frame.get());
            } finally {
                ReferenceCountUtil.release(frame.get());
            }
            frame = wire.next();
        }
    }

    private void take(SpdyWire wire, SpdyFrame frame) throws IOException, InterruptedException {
        switch (frame) {
            case SpdySynStreamFrame syn -> begin(wire, syn);
            case SpdyDataFrame data -> data(wire, data);
            case SpdyRstStreamFrame reset ->
                    Optional.ofNullable(byStream.get(reset.streamId())).ifPresent(Pair::abort);
            case SpdyPingFrame ping -> {
                // Ours would be even; a peer's are odd and come back.
                if (ping.id() % 2 != 0) {
                    wire.ping(ping.id());
                }
            }
            default -> {
                // Settings, windows and further headers change nothing here.
            }
        }
    }

    private void begin(SpdyWire wire, SpdySynStreamFrame syn) throws IOException {
        int stream = syn.streamId();
        Optional<Wish> wish = Wish.of(syn);
        if (wish.isEmpty() || byStream.containsKey(stream)) {
            wire.reset(stream, SpdyStreamStatus.PROTOCOL_ERROR);
            return;
        }
        if (pairs.size() >= MAX_CONNECTIONS && !pairs.containsKey(wish.get().request())) {
            wire.reset(stream, SpdyStreamStatus.REFUSED_STREAM);
            return;
        }
        Pair pair =
                pairs.computeIfAbsent(
                        wish.get().request(), id -> new Pair(wire, id, wish.get().port()));
        if (!pair.join(wish.get(), stream)) {
            wire.reset(stream, SpdyStreamStatus.PROTOCOL_ERROR);
            return;
        }
        byStream.put(stream, pair);
        wire.accept(stream, wish.get().data() ? "data" : "error");
        if (wish.get().data() && syn.isLast()) {
            pair.tunnel.input().end();
        }
        if (pair.complete()) {
            pair.tunnel.start();
        }
    }

    private void data(SpdyWire wire, SpdyDataFrame frame) throws IOException, InterruptedException {
        int stream = frame.streamId();
        Pair pair = byStream.get(stream);
        if (pair == null || pair.dataStream != stream) {
            // The end of an error stream, or what was under way when a connection ended.
            return;
        }
        byte[] bytes = new byte[frame.content().readableBytes()];
        frame.content().readBytes(bytes);
        if (!pair.tunnel.input().write(bytes, 0, bytes.length)) {
            wire.reset(stream, SpdyStreamStatus.FLOW_CONTROL_ERROR);
            pair.abort();
            return;
        }
        if (frame.isLast()) {
            pair.tunnel.input().end();
        }
    }

    private void end() throws InterruptedException {
        List<Pair> left = List.copyOf(pairs.values());
        left.forEach(Pair::abort);
        Thread.interrupted();
        for (Pair pair : left) {
            pair.tunnel.join();
        }
    }

    /**
     * What a new stream is for.
     *
     * @param request which connection it belongs to
     * @param data whether it carries data; an error's text otherwise
     */
    private record Wish(String request, boolean data, int port) {
        static Optional<Wish> of(SpdySynStreamFrame syn) {
            SpdyHeaders headers = syn.headers();
            String type = text(headers, "streamtype");
            boolean data = type.equals("data");
            if (syn.isInvalid() || syn.isTruncated() || (!data && !type.equals("error"))) {
                return Optional.empty();
            }
            // Clients that name no request begin the error stream, then at once the other one.
            String request = text(headers, "requestid");
            if (request.isEmpty()) {
                request = "stream " + (data ? syn.streamId() - 2 : syn.streamId());
            }
            try {
                int port = Integer.parseInt(text(headers, "port"));
                return port < 1 || port > MAX_PORT
                        ? Optional.empty()
                        : Optional.of(new Wish(request, data, port));
            } catch (NumberFormatException e) {
                return Optional.empty();
            }
        }

        private static String text(SpdyHeaders headers, String name) {
            return Optional.ofNullable(headers.getAsString(name)).orElse("");
        }
    }

    /** The two streams of one connection; 0 is no stream. */
    private final class Pair implements Tunnel.Client {
        private final SpdyWire wire;
        private final String request;
        private final int port;
        private final Tunnel tunnel;
        private volatile int dataStream;
        private volatile int errorStream;

        Pair(SpdyWire wire, String request, int port) {
            this.wire = wire;
            this.request = request;
            this.port = port;
            this.tunnel = new Tunnel(sessions, pod, port, this);
        }

        /** Adds a stream; false if it does not fit. */
        boolean join(Wish wish, int stream) {
            if (wish.port() != port || (wish.data() ? dataStream : errorStream) != 0) {
                return false;
            }
            if (wish.data()) {
                dataStream = stream;
            } else {
                errorStream = stream;
            }
            return true;
        }

        boolean complete() {
            return dataStream != 0 && errorStream != 0;
        }

        void abort() {
            tunnel.abort();
            forget();
        }

        private void forget() {
            pairs.remove(request, this);
            byStream.remove(dataStream, this);
            byStream.remove(errorStream, this);
        }

        @Override
        public void data(byte[] bytes, int length) throws IOException {
            wire.data(dataStream, bytes, length, false);
        }

        @Override
        public void failed(String why) throws IOException {
            byte[] text = why.getBytes(StandardCharsets.UTF_8);
            wire.data(errorStream, text, text.length, false);
        }

        @Override
        public void ended() throws IOException {
            forget();
            wire.data(errorStream, new byte[0], 0, true);
            wire.data(dataStream, new byte[0], 0, true);
        }
    }
}
