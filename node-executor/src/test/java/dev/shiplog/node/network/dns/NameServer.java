package dev.shiplog.node.network.dns;

import org.xbill.DNS.Message;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;

/** A name server of the outside world, that says what a test has it say. */
final class NameServer implements AutoCloseable {
    private final DatagramSocket datagrams;
    private final ServerSocket connections;
    private final BiFunction<Message, Boolean, Optional<Message>> answers;
    final AtomicInteger asked = new AtomicInteger();

    /**
     * @param answers by question and whether it came in a datagram
     */
    NameServer(BiFunction<Message, Boolean, Optional<Message>> answers) throws IOException {
        this.answers = answers;
        connections = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        datagrams =
                new DatagramSocket(
                        connections.getLocalPort(), InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::receive);
        Thread.ofVirtual().start(this::accept);
    }

    InetSocketAddress address() {
        return (InetSocketAddress) connections.getLocalSocketAddress();
    }

    private void receive() {
        byte[] buffer = new byte[65_535];
        while (!datagrams.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                datagrams.receive(packet);
                asked.incrementAndGet();
                Optional<Message> answer =
                        answers.apply(
                                new Message(Arrays.copyOf(buffer, packet.getLength())), true);
                if (answer.isPresent()) {
                    byte[] wire = answer.get().toWire();
                    datagrams.send(
                            new DatagramPacket(wire, wire.length, packet.getSocketAddress()));
                }
            } catch (IOException _) {
                // Closed, or a question that is none.
            }
        }
    }

    private void accept() {
        while (!connections.isClosed()) {
            try (Socket client = connections.accept()) {
                asked.incrementAndGet();
                DataInputStream in = new DataInputStream(client.getInputStream());
                byte[] question = new byte[in.readUnsignedShort()];
                in.readFully(question);
                Optional<Message> answer = answers.apply(new Message(question), false);
                if (answer.isPresent()) {
                    byte[] wire = answer.get().toWire();
                    DataOutputStream out = new DataOutputStream(client.getOutputStream());
                    out.writeShort(wire.length);
                    out.write(wire);
                    out.flush();
                }
            } catch (IOException _) {
                // Closed, or a question that is none.
            }
        }
    }

    @Override
    public void close() throws IOException {
        datagrams.close();
        connections.close();
    }
}
