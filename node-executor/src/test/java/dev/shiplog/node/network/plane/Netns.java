package dev.shiplog.node.network.plane;

import dev.shiplog.node.linux.Inside;
import dev.shiplog.node.linux.NetworkNamespace;
import dev.shiplog.node.linux.Programs;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A network namespace with servers in it, in place of a pod or another machine. */
final class Netns implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(3);

    private final String name;
    private final List<AutoCloseable> servers = new ArrayList<>();

    private Netns(String name) {
        this.name = name;
    }

    static Netns make(String name) throws IOException {
        Programs.run("ip", "netns", "add", name);
        return new Netns(name);
    }

    Path path() {
        return Path.of("/run/netns", name);
    }

    /** Answers every connection with a name and the client's address. */
    void serve(int port, String answer) throws Exception {
        ServerSocketChannel server =
                Inside.call(
                        path(),
                        () ->
                                ServerSocketChannel.open(StandardProtocolFamily.INET)
                                        .bind(new InetSocketAddress(port)));
        servers.add(server);
        Thread.ofVirtual().start(() -> accept(server, answer));
    }

    private static void accept(ServerSocketChannel server, String answer) {
        while (server.isOpen()) {
            try (SocketChannel client = server.accept()) {
                String from = client.getRemoteAddress().toString().replace("/", "");
                client.write(ByteBuffer.wrap(bytes(answer + " " + from + "\n")));
            } catch (IOException closed) {
                return;
            }
        }
    }

    /** Answers every datagram. */
    void serveUdp(int port, String answer) throws Exception {
        DatagramChannel server =
                Inside.call(
                        path(),
                        () ->
                                DatagramChannel.open(StandardProtocolFamily.INET)
                                        .bind(new InetSocketAddress(port)));
        servers.add(server);
        Thread.ofVirtual()
                .start(() -> {
                    while (server.isOpen()) {
                        try {
                            var from = server.receive(ByteBuffer.allocate(100));
                            server.send(ByteBuffer.wrap(bytes(answer + " " + from)), from);
                        } catch (IOException closed) {
                            return;
                        }
                    }
                });
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Runs something inside, and gives what it wrote. */
    String run(String... words) throws IOException {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", name));
        all.addAll(List.of(words));
        return Programs.run("", all);
    }

    /** What a server says to a client in here; what went wrong if nothing. */
    String ask(String address, int port) throws InterruptedException {
        InetSocketAddress to = new InetSocketAddress(InetAddress.ofLiteral(address), port);
        try (SocketChannel client = NetworkNamespace.connect(path(), List.of(to), LIMIT)) {
            return line(client);
        } catch (IOException failure) {
            return String.valueOf(failure.getMessage());
        }
    }

    private static String line(SocketChannel client) throws IOException {
        client.socket().setSoTimeout((int) LIMIT.toMillis());
        return new String(client.socket().getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .strip();
    }

    /** As {@link #ask}, from the machine itself. */
    static String askFromHere(String address, int port) {
        try (Socket client = new Socket()) {
            client.connect(
                    new InetSocketAddress(InetAddress.ofLiteral(address), port),
                    (int) LIMIT.toMillis());
            client.setSoTimeout((int) LIMIT.toMillis());
            return new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .strip();
        } catch (IOException failure) {
            return String.valueOf(failure.getMessage());
        }
    }

    /** A socket in here for datagrams to one place. */
    DatagramChannel datagrams(String address, int port) throws Exception {
        return Inside.call(
                path(),
                () ->
                        DatagramChannel.open(StandardProtocolFamily.INET)
                                .connect(
                                        new InetSocketAddress(
                                                InetAddress.ofLiteral(address), port)));
    }

    /** What comes back for a datagram; empty if nothing does. */
    static String send(DatagramChannel client) {
        try {
            client.write(ByteBuffer.wrap(bytes("hello")));
            client.socket().setSoTimeout((int) LIMIT.toMillis());
            byte[] answer = new byte[100];
            var packet = new DatagramPacket(answer, answer.length);
            client.socket().receive(packet);
            return new String(answer, 0, packet.getLength(), StandardCharsets.UTF_8);
        } catch (IOException nothing) {
            return "";
        }
    }

    @Override
    public void close() throws IOException {
        for (AutoCloseable server : servers) {
            try {
                server.close();
            } catch (Exception failure) {
                throw new IOException(failure);
            }
        }
        if (Files.exists(path())) {
            Programs.run("ip", "netns", "del", name);
        }
    }
}
