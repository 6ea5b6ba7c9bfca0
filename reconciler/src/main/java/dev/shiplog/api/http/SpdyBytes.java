package dev.shiplog.api.http;

import dev.shiplog.api.Messages;
import dev.shiplog.api.StreamLimits;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.webserver.ConnectionContext;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The bytes of one connection that was upgraded to bare SPDY/3.1: a message is what arrived or is
 * to be sent, cut anywhere. Pings are SPDY's own, so who speaks it sends them; a peer that is
 * silent all the same is cut off here.
 */
final class SpdyBytes implements Messages, AutoCloseable {
    private final ConnectionContext connection;
    private final WriteStalls stalls;
    private final Duration stall;
    private final PeerWatch peer;
    private final ReentrantLock writing = new ReentrantLock();

    private volatile boolean closed;

    SpdyBytes(ConnectionContext connection, WriteStalls stalls, StreamLimits limits) {
        this.connection = connection;
        this.stalls = stalls;
        this.stall = limits.stall();
        this.peer = new PeerWatch(connection, limits.silence());
    }

    /** Says yes to the upgrade; from here on there is only SPDY. */
    void open(String protocol, String id) throws IOException {
        send(
                ("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n"
                                + "X-Stream-Protocol-Version: "
                                + protocol
                                + "\r\nAudit-Id: "
                                + id
                                + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        peer.start("api-spdy-silence", PeerWatch.Look.NOTHING);
    }

    @Override
    public Optional<Message> receive() throws IOException {
        peer.listens();
        try {
            DataReader reader = connection.dataReader();
            reader.ensureAvailable();
            BufferData data = reader.readBuffer(reader.available());
            byte[] bytes = new byte[data.available()];
            data.read(bytes);
            return Optional.of(new Message(false, bytes));
        } catch (DataReader.InsufficientDataAvailableException e) {
            if (closed) {
                return Optional.empty();
            }
            throw new EOFException("the client left");
        } catch (RuntimeException e) {
            throw new IOException("the client cannot be read: " + e.getMessage(), e);
        } finally {
            peer.rests();
        }
    }

    @Override
    public void send(byte[] bytes) throws IOException {
        writing.lock();
        try {
            if (closed) {
                return;
            }
            stalls.begin(stall);
            connection.dataWriter().writeNow(BufferData.create(bytes));
        } catch (RuntimeException e) {
            throw new IOException("the client cannot be written to: " + e.getMessage(), e);
        } finally {
            stalls.end();
            writing.unlock();
        }
    }

    @Override
    public void send(String message) throws IOException {
        send(message.getBytes(StandardCharsets.UTF_8));
    }

    /** SPDY has its own goodbye, which whoever speaks it has said. */
    @Override
    public void close(int code, String reason) {
        closed = true;
    }

    /** Closes the connection itself. */
    @Override
    public void close() {
        peer.close();
    }
}
