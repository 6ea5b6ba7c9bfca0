package dev.shiplog.api.stream;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Messages;
import dev.shiplog.api.PodSessions;
import dev.shiplog.api.Query;
import dev.shiplog.api.Reply;
import dev.shiplog.api.SessionJournal.Entry;
import dev.shiplog.api.SessionJournal.Outcome;
import dev.shiplog.api.Status;
import dev.shiplog.resource.Resource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The port-forward of the Java clients: one connection per port, two channels each, an even one for
 * data and the odd one after it for an error's text. The first message of each is the port, in two
 * bytes, the lower one first.
 */
final class ChannelPortForward implements Reply.Talk {
    private static final int MAX_PORTS = 64;
    private static final int MAX_PORT = 65_535;
    private static final Logger LOG = Logger.getLogger(ChannelPortForward.class.getName());

    private final PodSessions sessions;
    private final Resource pod;
    private final List<Integer> ports;
    private final ChannelProtocol protocol;
    private final Supplier<Entry> journal;
    private final Slots.Slot slot;

    ChannelPortForward(
            PodSessions sessions,
            Resource pod,
            List<Integer> ports,
            ChannelProtocol protocol,
            Supplier<Entry> journal,
            Slots.Slot slot) {
        this.sessions = sessions;
        this.pod = pod;
        this.ports = List.copyOf(ports);
        this.protocol = protocol;
        this.journal = journal;
        this.slot = slot;
    }

    /**
     * The ports of a request: {@code ports=80&ports=443} or {@code ports=80,443}.
     *
     * @throws ApiFailure 400 if there are none, too many, or others
     */
    static List<Integer> ports(Query query) {
        List<Integer> ports = new ArrayList<>();
        for (String value : query.parameters().getOrDefault("ports", List.of())) {
            for (String text : value.split(",", -1)) {
                ports.add(port(text.strip()));
            }
        }
        if (ports.isEmpty()) {
            throw new ApiFailure(Status.badRequest("query parameter \"ports\" is required"));
        }
        if (ports.size() > MAX_PORTS) {
            throw new ApiFailure(
                    Status.badRequest(
                            "expected at most " + MAX_PORTS + " ports, found " + ports.size()));
        }
        return ports;
    }

    private static int port(String text) {
        try {
            int port = Integer.parseInt(text);
            if (port >= 1 && port <= MAX_PORT) {
                return port;
            }
        } catch (NumberFormatException e) {
            // Refused below, like a number that is no port.
        }
        throw new ApiFailure(
                Status.badRequest(
                        "unable to parse \""
                                + text
                                + "\" as a port: expected a number from 1 to "
                                + MAX_PORT));
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
        List<Tunnel> tunnels = tunnels(messages);
        try {
            announce(messages);
            tunnels.forEach(Tunnel::start);
            serve(messages, tunnels);
            outcome = new Outcome.Ended();
        } catch (IOException e) {
            LOG.log(Level.FINE, e, () -> "a port-forward to " + pod.key() + " ended");
        } finally {
            tunnels.forEach(Tunnel::abort);
            // An interrupt has done what it was for.
            Thread.interrupted();
            for (Tunnel tunnel : tunnels) {
                tunnel.join();
            }
            entry.closed(outcome);
        }
    }

    private List<Tunnel> tunnels(Messages messages) {
        List<Tunnel> tunnels = new ArrayList<>();
        AtomicInteger open = new AtomicInteger(ports.size());
        for (int port : ports) {
            int channel = 2 * tunnels.size();
            tunnels.add(new Tunnel(sessions, pod, port, new Pair(messages, channel, open)));
        }
        return tunnels;
    }

    private void announce(Messages messages) throws IOException {
        for (int i = 0; i < ports.size(); i++) {
            byte[] port = {(byte) (int) ports.get(i), (byte) (ports.get(i) >> 8)};
            protocol.send(messages, 2 * i, port, 0, port.length);
            protocol.send(messages, 2 * i + 1, port, 0, port.length);
        }
    }

    private void serve(Messages messages, List<Tunnel> tunnels)
            throws IOException, InterruptedException {
        Optional<Messages.Message> message = messages.receive();
        while (message.isPresent()) {
            Optional<ChannelProtocol.Part> part = protocol.decode(message.get());
            boolean forTunnel =
                    part.isPresent()
                            && part.get().channel() >= 0
                            && part.get().channel() % 2 == 0
                            && part.get().channel() / 2 < tunnels.size();
            if (forTunnel) {
                Tunnel tunnel = tunnels.get(part.get().channel() / 2);
                byte[] bytes = part.get().bytes();
                if (!tunnel.input().write(bytes, 0, bytes.length)) {
                    tunnel.abort();
                }
            }
            message = messages.receive();
        }
    }

    /** The two channels of one port. */
    private final class Pair implements Tunnel.Client {
        private final Messages messages;
        private final int channel;
        private final AtomicInteger open;

        Pair(Messages messages, int channel, AtomicInteger open) {
            this.messages = messages;
            this.channel = channel;
            this.open = open;
        }

        @Override
        public void data(byte[] bytes, int length) throws IOException {
            protocol.send(messages, channel, bytes, 0, length);
        }

        @Override
        public void failed(String why) throws IOException {
            byte[] text = why.getBytes(StandardCharsets.UTF_8);
            protocol.send(messages, channel + 1, text, 0, text.length);
        }

        /** A channel cannot be closed here; the last one takes the connection with it. */
        @Override
        public void ended() throws IOException {
            if (open.decrementAndGet() == 0) {
                messages.close(Messages.NORMAL, "");
            }
        }
    }
}
