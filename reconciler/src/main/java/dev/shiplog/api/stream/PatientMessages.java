package dev.shiplog.api.stream;

import dev.shiplog.api.Messages;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Optional;

/**
 * Messages of which none is sent before the client listens. The command may begin meanwhile.
 *
 * <p>kubectl 1.30 to 1.33 reads as soon as the handshake is over, and makes its channels beside
 * that: what comes for a channel that it has not made yet it throws away, with a word about an
 * unknown stream ({@code kubernetes/kubernetes#131189}).
 */
record PatientMessages(Messages peer) implements Messages {
    @Override
    public Optional<Message> receive() throws IOException {
        return peer.receive();
    }

    @Override
    public void send(byte[] message) throws IOException {
        awaitListening();
        peer.send(message);
    }

    @Override
    public void send(String message) throws IOException {
        awaitListening();
        peer.send(message);
    }

    @Override
    public void awaitListening() throws IOException {
        try {
            peer.awaitListening();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted before the client listened");
        }
    }

    @Override
    public void close(int code, String reason) throws IOException {
        peer.close(code, reason);
    }
}
