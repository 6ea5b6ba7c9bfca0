package dev.shiplog.api.http;

import dev.shiplog.api.Messages;
import dev.shiplog.api.StreamLimits;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.webserver.ConnectionContext;
import io.helidon.websocket.ClientWsFrame;
import io.helidon.websocket.WsCloseException;
import io.helidon.websocket.WsOpCode;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

/** The messages of one upgraded connection. */
final class WebSocketMessages implements Messages, AutoCloseable {
    /** Clients send a few dozen kilobytes at a time. */
    private static final int MAX_MESSAGE_BYTES = 1024 * 1024;

    /** What a peer is waited for that answers no pings; those who read answer in a round trip. */
    private static final Duration LONGEST_OPENING = Duration.ofMillis(500);

    /**
     * What a peer that reads is given to make what it reads for: it does both at once, and may be
     * late with the one on a busy machine.
     */
    private static final Duration SETTLING = Duration.ofMillis(25);

    private static final int FINAL = 0x80;
    private static final int MAX_CONTROL_BYTES = 125;
    private static final byte[] NOTHING = {};

    private final ConnectionContext connection;
    private final WriteStalls stalls;
    private final Duration stall;
    private final PeerWatch peer;
    private final ReentrantLock writing = new ReentrantLock();
    private final AtomicBoolean asked = new AtomicBoolean();
    private final CountDownLatch listens = new CountDownLatch(1);
    private volatile boolean settled;
    private volatile boolean closeSent;

    WebSocketMessages(ConnectionContext connection, WriteStalls stalls, StreamLimits limits) {
        this.connection = connection;
        this.stalls = stalls;
        this.stall = limits.stall();
        this.peer = new PeerWatch(connection, limits.silence());
    }

    /** Sends our half of the handshake; from here on there are only frames. */
    void open(String handshake) throws IOException {
        writing.lock();
        try {
            write(BufferData.create(handshake.getBytes(StandardCharsets.US_ASCII)));
        } finally {
            writing.unlock();
        }
        peer.start("api-websocket-pings", this::pinged);
    }

    @Override
    public Optional<Message> receive() throws IOException {
        peer.listens();
        try {
            return message();
        } catch (WsCloseException e) {
            close(e.closeCode(), String.valueOf(e.getMessage()));
            throw new IOException("the client broke the protocol: " + e.getMessage(), e);
        } catch (DataReader.InsufficientDataAvailableException e) {
            throw new EOFException("the client left");
        } catch (RuntimeException e) {
            throw new IOException("the client cannot be read: " + e.getMessage(), e);
        } finally {
            peer.rests();
        }
    }

    private Optional<Message> message() throws IOException {
        ByteArrayOutputStream whole = new ByteArrayOutputStream(0);
        boolean begun = false;
        boolean text = false;
        while (true) {
            ClientWsFrame frame =
                    ClientWsFrame.read(connection, connection.dataReader(), MAX_MESSAGE_BYTES);
            peer.hears();
            listens.countDown();
            byte[] payload = payload(frame);
            switch (frame.opCode()) {
                case PING -> control(0xA, payload);
                case PONG -> {
                    // Being heard was the point.
                }
                case CLOSE -> {
                    answerClose(payload);
                    return Optional.empty();
                }
                case TEXT, BINARY, CONTINUATION -> {
                    boolean first = frame.opCode() != WsOpCode.CONTINUATION;
                    if (first == begun) {
                        throw new WsCloseException(
                                begun
                                        ? "a message began before the last one ended"
                                        : "a message was continued that had not begun",
                                PROTOCOL_ERROR);
                    }
                    if (first) {
                        text = frame.opCode() == WsOpCode.TEXT;
                        begun = true;
                        if (frame.fin()) {
                            return Optional.of(new Message(text, payload));
                        }
                    }
                    if (whole.size() + payload.length > MAX_MESSAGE_BYTES) {
                        throw new WsCloseException(
                                "a message is longer than " + MAX_MESSAGE_BYTES + " bytes", 1009);
                    }
                    whole.write(payload);
                    if (frame.fin()) {
                        return Optional.of(new Message(text, whole.toByteArray()));
                    }
                }
            }
        }
    }

    private static byte[] payload(ClientWsFrame frame) {
        BufferData data = frame.payloadData();
        byte[] bytes = new byte[data.available()];
        data.read(bytes);
        return bytes;
    }

    @Override
    public void awaitListening() throws IOException, InterruptedException {
        if (settled) {
            return;
        }
        if (asked.compareAndSet(false, true)) {
            frame(0x9, NOTHING);
        }
        if (listens.await(LONGEST_OPENING.toMillis(), TimeUnit.MILLISECONDS)) {
            Thread.sleep(SETTLING);
        }
        settled = true;
    }

    @Override
    public void send(byte[] message) throws IOException {
        frame(0x2, message);
    }

    @Override
    public void send(String message) throws IOException {
        frame(0x1, message.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close(int code, String reason) throws IOException {
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(text.length, MAX_CONTROL_BYTES - 2);
        byte[] payload = new byte[2 + length];
        payload[0] = (byte) (code >> 8);
        payload[1] = (byte) code;
        System.arraycopy(text, 0, payload, 2, length);
        closing(payload);
    }

    private void answerClose(byte[] payload) throws IOException {
        closing(payload.length < 2 ? NOTHING : Arrays.copyOf(payload, 2));
    }

    private void closing(byte[] payload) throws IOException {
        writing.lock();
        try {
            if (!closeSent) {
                control(0x8, payload);
                closeSent = true;
            }
        } finally {
            writing.unlock();
        }
    }

    private void control(int code, byte[] payload) throws IOException {
        frame(code, Arrays.copyOf(payload, Math.min(payload.length, MAX_CONTROL_BYTES)));
    }

    private void frame(int code, byte[] payload) throws IOException {
        BufferData frame = BufferData.create(payload.length + 10);
        frame.writeInt8(FINAL | code);
        if (payload.length <= MAX_CONTROL_BYTES) {
            frame.writeInt8(payload.length);
        } else if (payload.length < 1 << 16) {
            frame.writeInt8(126);
            frame.writeInt16(payload.length);
        } else {
            frame.writeInt8(127);
            frame.writeInt32(0);
            frame.writeInt32(payload.length);
        }
        frame.write(payload);
        writing.lock();
        try {
            if (!closeSent) {
                write(frame);
            }
        } finally {
            writing.unlock();
        }
    }

    private void write(BufferData data) throws IOException {
        stalls.begin(stall);
        try {
            connection.dataWriter().writeNow(data);
        } catch (RuntimeException e) {
            throw new IOException("the client cannot be written to: " + e.getMessage(), e);
        } finally {
            stalls.end();
        }
    }

    /** Pings; false when the peer has had its time to say goodbye. */
    private boolean pinged() throws IOException {
        if (closeSent) {
            return false;
        }
        // While somebody else writes, the peer gets something anyway.
        if (writing.tryLock()) {
            try {
                frame(0x9, NOTHING);
            } finally {
                writing.unlock();
            }
        }
        return true;
    }

    /** Closes the connection itself. */
    @Override
    public void close() {
        peer.close();
    }
}
