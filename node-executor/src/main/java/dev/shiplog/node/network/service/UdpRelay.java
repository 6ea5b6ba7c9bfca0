package dev.shiplog.node.network.service;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Passes datagrams on: each client has a socket of its own towards its endpoint, so that answers
 * find back.
 */
final class UdpRelay implements Relay {
    /** The largest that there can be. */
    private static final int DATAGRAM = 65_535;

    private static final Logger LOG = LoggerFactory.getLogger(UdpRelay.class);

    private final Way way;
    private final Choice choice;
    private final DatagramChannel listening;

    /** By client; the one silent for longest is first. */
    private final Map<SocketAddress, Session> sessions = new LinkedHashMap<>(16, 0.75f, true);

    private record Session(Target target, DatagramChannel channel) {
        void close() {
            try {
                channel.close();
            } catch (IOException e) {
                LOG.debug("closing a session", e);
            }
        }
    }

    private UdpRelay(Way way, Choice choice, DatagramChannel listening) {
        this.way = way;
        this.choice = choice;
        this.listening = listening;
    }

    static UdpRelay open(Way way, Choice choice) throws IOException {
        DatagramChannel channel = DatagramChannel.open(java.net.StandardProtocolFamily.INET);
        try {
            channel.bind(way.socket());
        } catch (IOException taken) {
            channel.close();
            throw taken;
        }
        UdpRelay relay = new UdpRelay(way, choice, channel);
        Thread.ofVirtual().name("service-" + way.front()).start(relay::receive);
        return relay;
    }

    private void receive() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(DATAGRAM);
        while (listening.isOpen()) {
            try {
                buffer.clear();
                SocketAddress client = listening.receive(buffer);
                buffer.flip();
                pass((InetSocketAddress) client, buffer);
            } catch (IOException e) {
                LOG.debug("a datagram to {}", way.front(), e);
            }
        }
        closeSessions();
    }

    private void pass(InetSocketAddress client, ByteBuffer datagram) throws IOException {
        Session session;
        synchronized (sessions) {
            Session before = sessions.get(client);
            if (before != null && !choice.leads(before.target)) {
                sessions.remove(client);
                before.close();
                before = null;
            }
            if (before == null) {
                List<Target> targets = choice.of(client.getAddress());
                if (targets.isEmpty()) {
                    return;
                }
                before = begin(client, targets.getFirst());
            }
            session = before;
        }
        session.channel.write(datagram);
    }

    private Session begin(InetSocketAddress client, Target target) throws IOException {
        DatagramChannel channel = DatagramChannel.open(java.net.StandardProtocolFamily.INET);
        try {
            channel.connect(
                    new InetSocketAddress(InetAddress.ofLiteral(target.address()), target.port()));
        } catch (IOException unreachable) {
            channel.close();
            throw unreachable;
        }
        Session session = new Session(target, channel);
        sessions.put(client, session);
        if (sessions.size() > RelayLimits.SESSIONS) {
            var eldest = sessions.entrySet().iterator();
            eldest.next().getValue().close();
            eldest.remove();
        }
        Thread.ofVirtual().start(() -> answers(client, session));
        return session;
    }

    /** Until the endpoint is silent for long. */
    private void answers(InetSocketAddress client, Session session) {
        ByteBuffer buffer = ByteBuffer.allocate(DATAGRAM);
        try {
            session.channel.socket().setSoTimeout((int) RelayLimits.SILENT.toMillis());
            java.net.DatagramPacket packet =
                    new java.net.DatagramPacket(buffer.array(), buffer.capacity());
            while (listening.isOpen()) {
                packet.setLength(buffer.capacity());
                session.channel.socket().receive(packet);
                listening.send(
                        ByteBuffer.wrap(packet.getData(), packet.getOffset(), packet.getLength()),
                        client);
            }
        } catch (IOException ended) {
            LOG.debug("a client of {} is forgotten", way.front(), ended);
        } finally {
            synchronized (sessions) {
                sessions.remove(client, session);
            }
            session.close();
        }
    }

    private void closeSessions() {
        synchronized (sessions) {
            sessions.values().forEach(Session::close);
            sessions.clear();
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException e) {
            LOG.debug("closing {}", way.front(), e);
        }
        closeSessions();
    }
}
