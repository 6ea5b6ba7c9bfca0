package dev.shiplog.api.stream;

import dev.shiplog.api.Messages;
import dev.shiplog.api.PodSessions;
import dev.shiplog.api.Query;
import dev.shiplog.api.Reply;
import dev.shiplog.api.SessionJournal;
import dev.shiplog.api.SessionJournal.Outcome;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Metadata;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * What clients send over an upgraded connection: SPDY frames and channels. Whatever it is, the
 * session ends and gives back its place and its connections. The first byte chooses the protocol,
 * the second how the rest is cut into messages.
 */
public final class WireFuzz {
    private static final Resource POD =
            new Resource(
                    ResourceKey.pod("default", "a"),
                    "v1",
                    new Metadata(
                            new Uid("1"),
                            1,
                            Instant.EPOCH,
                            new TreeMap<>(),
                            new TreeMap<>(),
                            List.of(),
                            List.of(),
                            Optional.empty()),
                    Json.parse("{\"spec\":{\"containers\":[{\"name\":\"a\",\"image\":\"b\"}]}}"),
                    Json.EMPTY,
                    new Position(1));
    private static final Duration STALL = Duration.ofMillis(100);
    private static final int MAX_SENT = 8 << 20;

    private WireFuzz() {}

    /** One input. */
    public static void fuzzerTestOneInput(byte[] data) throws Exception {
        if (data.length < 2) {
            return;
        }
        AtomicInteger open = new AtomicInteger();
        AtomicInteger slots = new AtomicInteger(1);
        Slots.Slot slot = () -> slots.set(0);
        Supplier<SessionJournal.Entry> journal = () -> _ -> {};
        PodSessions pod = new Pod(open);
        int choice = (data[0] & 0xff) % 6;
        Fed messages = new Fed(data, choice == 2 || choice == 5);
        Reply.Talk talk =
                switch (choice) {
                    case 0 ->
                            new SpdyPortForward(
                                    pod, POD, journal, slot, java.time.Duration.ofSeconds(90));
                    case 1, 2 ->
                            new ChannelPortForward(
                                    pod,
                                    POD,
                                    List.of(80, 443),
                                    ChannelProtocol.PORTS.get(choice - 1),
                                    journal,
                                    slot);
                    default ->
                            new RemoteCommand(
                                    CommandOptions.exec(
                                            Query.parse(
                                                    "command=cat&stdin=1&stdout=1&tty="
                                                            + (data[1] & 1))),
                                    ChannelProtocol.COMMANDS.get(choice - 3),
                                    STALL,
                                    journal,
                                    terminal ->
                                            new Outcome.Exited(
                                                    pod.exec(POD, "a", List.of("cat"), terminal)),
                                    slot);
                };
        try (talk) {
            talk.talk(messages);
        } catch (IOException expected) {
            // The client left, or sent what is no message.
        }
        if (slots.get() != 0 || open.get() != 0) {
            throw new AssertionError(
                    "expected all given back, found " + slots + " slots, " + open + " connections");
        }
    }

    /** Gives the input as messages, and then is gone. */
    private static final class Fed implements Messages {
        private final Queue<byte[]> parts = new ArrayDeque<>();
        private final boolean text;
        private int sent;

        Fed(byte[] data, boolean text) {
            this.text = text;
            int size = Math.max(1, data[1] & 0xff);
            for (int at = 2; at < data.length; at += size) {
                parts.add(Arrays.copyOfRange(data, at, Math.min(data.length, at + size)));
            }
        }

        @Override
        public synchronized Optional<Message> receive() {
            return Optional.ofNullable(parts.poll()).map(bytes -> new Message(text, bytes));
        }

        @Override
        public synchronized void send(byte[] message) {
            sent += message.length;
            if (sent > MAX_SENT) {
                throw new AssertionError("expected fewer than " + MAX_SENT + " bytes sent");
            }
        }

        @Override
        public void send(String message) {
            send(new byte[message.length()]);
        }

        @Override
        public void close(int code, String reason) {}
    }

    /** A pod in which {@code cat} runs, and whose ports take anything and say nothing. */
    private record Pod(AtomicInteger open) implements PodSessions {
        @Override
        public int exec(Resource pod, String container, List<String> command, Terminal terminal)
                throws IOException {
            terminal.sizes().listen((_, _) -> {});
            terminal.stdin().orElseThrow().transferTo(terminal.stdout());
            return 0;
        }

        @Override
        public int attach(Resource pod, String container, Terminal terminal) throws IOException {
            return exec(pod, container, List.of(), terminal);
        }

        @Override
        public Connection connect(Resource pod, int port) {
            open.incrementAndGet();
            return new Connection() {
                private boolean closed;

                @Override
                public InputStream in() {
                    return InputStream.nullInputStream();
                }

                @Override
                public OutputStream out() {
                    return OutputStream.nullOutputStream();
                }

                @Override
                public void endOutput() {}

                @Override
                public synchronized void close() {
                    if (!closed) {
                        closed = true;
                        open.decrementAndGet();
                    }
                }
            };
        }

        @Override
        public Optional<List<Usage>> usage(Resource pod) {
            return Optional.empty();
        }
    }
}
