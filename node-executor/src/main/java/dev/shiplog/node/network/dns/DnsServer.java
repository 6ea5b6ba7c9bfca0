package dev.shiplog.node.network.dns;

import dev.shiplog.node.network.dns.Responder.Reply;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/** Listens on one address, over UDP and TCP at the same port. */
final class DnsServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DnsServer.class);

    /** Bytes of the kernel's queue of questions that wait. */
    private static final int QUEUE_BYTES = 1 << 20;

    /** Free ports tried when any will do. */
    private static final int PORTS_TRIED = 20;

    private final Responder responder;
    private final DatagramChannel datagrams;
    private final ServerSocket connections;
    private final Semaphore later = new Semaphore(DnsLimits.FORWARDED);
    private final Semaphore open = new Semaphore(DnsLimits.CONNECTIONS);
    private final Set<Socket> clients = ConcurrentHashMap.newKeySet();

    private DnsServer(Responder responder, DatagramChannel datagrams, ServerSocket connections) {
        this.responder = responder;
        this.datagrams = datagrams;
        this.connections = connections;
    }

    /**
     * Begins to listen.
     *
     * @param address with port 0 for any that is free
     */
    static DnsServer listen(InetSocketAddress address, Responder responder) throws IOException {
        for (int i = 1; ; i++) {
            try {
                return listenOnce(address, responder);
            } catch (IOException e) {
                if (address.getPort() != 0 || i == PORTS_TRIED) {
                    throw e;
                }
            }
        }
    }

    private static DnsServer listenOnce(InetSocketAddress address, Responder responder)
            throws IOException {
        DatagramChannel datagrams = DatagramChannel.open();
        ServerSocket connections = new ServerSocket();
        try {
            datagrams.setOption(java.net.StandardSocketOptions.SO_RCVBUF, QUEUE_BYTES);
            connections.setReuseAddress(true);
            connections.bind(address);
            datagrams.bind(new InetSocketAddress(address.getAddress(), connections.getLocalPort()));
        } catch (IOException e) {
            datagrams.close();
            connections.close();
            throw e;
        }
        DnsServer server = new DnsServer(responder, datagrams, connections);
        // Platform threads: these two are always at work when anything is.
        Thread.ofPlatform().daemon().name("dns-udp").start(server::receive);
        Thread.ofVirtual().name("dns-tcp").start(server::accept);
        return server;
    }

    InetSocketAddress address() {
        return (InetSocketAddress) connections.getLocalSocketAddress();
    }

    private void receive() {
        byte[] question = new byte[DnsLimits.MESSAGE_BYTES];
        ByteBuffer buffer = ByteBuffer.wrap(question);
        while (datagrams.isOpen()) {
            try {
                SocketAddress client = datagrams.receive(buffer.clear());
                reply(question, buffer.position(), client);
            } catch (ClosedChannelException _) {
                return;
            } catch (IOException | RuntimeException e) {
                LOG.debug("a question over UDP was not answered", e);
            }
        }
    }

    private void reply(byte[] question, int length, SocketAddress client) throws IOException {
        switch (responder.reply(question, length, true)) {
            case Reply.Now(var message) -> datagrams.send(ByteBuffer.wrap(message), client);
            case Reply.None() -> {}
            case Reply.Later(var message) -> {
                if (!later.tryAcquire()) {
                    return; // Who asks asks again.
                }
                Thread.ofVirtual().start(() -> {
                    try {
                        datagrams.send(ByteBuffer.wrap(message.get()), client);
                    } catch (IOException | RuntimeException e) {
                        LOG.debug("a question over UDP was not answered", e);
                    } finally {
                        later.release();
                    }
                });
            }
        }
    }

    private void accept() {
        while (!connections.isClosed()) {
            try {
                Socket client = connections.accept();
                if (!open.tryAcquire()) {
                    client.close();
                    continue;
                }
                clients.add(client);
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                if (!connections.isClosed()) {
                    LOG.warn("a connection for DNS could not be accepted: {}", e.toString());
                }
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            client.setSoTimeout((int) DnsLimits.IDLE.toMillis());
            client.setTcpNoDelay(true);
            DataInputStream in = new DataInputStream(client.getInputStream());
            OutputStream out = client.getOutputStream();
            while (true) {
                byte[] question = new byte[in.readUnsignedShort()];
                in.readFully(question);
                switch (responder.reply(question, question.length, false)) {
                    case Reply.Now(var message) -> out.write(framed(message));
                    case Reply.Later(var message) -> out.write(framed(message.get()));
                    case Reply.None() -> {
                        return;
                    }
                }
            }
        } catch (EOFException | SocketTimeoutException _) {
            // It has asked what it wanted.
        } catch (IOException | RuntimeException e) {
            LOG.debug("a connection for DNS failed", e);
        } finally {
            clients.remove(client);
            open.release();
        }
    }

    private static byte[] framed(byte[] message) {
        byte[] framed = new byte[message.length + 2];
        framed[0] = (byte) (message.length >> 8);
        framed[1] = (byte) message.length;
        System.arraycopy(message, 0, framed, 2, message.length);
        return framed;
    }

    @Override
    public void close() throws IOException {
        connections.close();
        datagrams.close();
        for (Socket client : clients) {
            client.close();
        }
    }
}
