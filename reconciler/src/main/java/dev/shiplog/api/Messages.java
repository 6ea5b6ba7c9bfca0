package dev.shiplog.api;

import java.io.IOException;
import java.util.Optional;

/**
 * The messages of one WebSocket, both ways. Pings are answered and sent by who implements this; a
 * peer that is silent although pinged is cut off. Source of the wire format: RFC 6455.
 */
public interface Messages {
    /** Everything went as it should. */
    int NORMAL = 1000;

    /** The peer broke the protocol. */
    int PROTOCOL_ERROR = 1002;

    /** The server failed. */
    int INTERNAL_ERROR = 1011;

    /**
     * The next message, whole; empty once the peer has closed. Blocks; one thread at a time.
     *
     * @throws IOException if the peer left without closing, was silent for too long, or broke the
     *     protocol
     */
    Optional<Message> receive() throws IOException;

    /**
     * Sends a binary message. Blocks while the peer does not read; any thread may call.
     *
     * @throws IOException if the peer has left or does not read
     */
    void send(byte[] message) throws IOException;

    /** Sends a text message, as {@link #send(byte[])}. */
    void send(String message) throws IOException;

    /**
     * Waits until the peer has shown that it takes what is sent, but not for long; at once when it
     * has. Whoever receives must not wait for this. A peer that says all it needs to before it is
     * sent anything is never waited for.
     *
     * @throws IOException if the peer has left
     */
    default void awaitListening() throws IOException, InterruptedException {}

    /** Says that nothing more will be sent; what is sent afterwards goes nowhere. */
    void close(int code, String reason) throws IOException;

    /** What arrived: text or binary. */
    record Message(boolean text, byte[] bytes) {}
}
