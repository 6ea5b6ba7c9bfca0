package dev.shiplog.node.link.remote;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The node's end of a session's WebSocket, with calls that block. One message is asked for at a
 * time: who sends more than is taken is held up.
 */
final class SessionSocket implements WebSocket.Listener {
    /** How long one message may wait for a peer that does not read. */
    private static final long STALL_SECONDS = 300;

    private static final byte[] CLOSED = new byte[0];

    /** One message at most, and the end. */
    private final BlockingQueue<byte[]> messages = new LinkedBlockingQueue<>();

    private final ByteArrayOutputStream whole = new ByteArrayOutputStream();
    private final ReentrantLock sending = new ReentrantLock();

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
        byte[] part = new byte[data.remaining()];
        data.get(part);
        whole.writeBytes(part);
        if (last) {
            messages.add(whole.toByteArray());
            whole.reset();
        } else {
            socket.request(1);
        }
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
        messages.add(CLOSED);
        return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
        messages.add(CLOSED);
    }

    /** The next message; empty once the peer has left. */
    Optional<byte[]> take(WebSocket socket) throws InterruptedException {
        byte[] message = messages.take();
        if (message.length == 0) {
            messages.add(CLOSED);
            return Optional.empty();
        }
        socket.request(1);
        return Optional.of(message);
    }

    void send(WebSocket socket, byte[] message) throws IOException {
        sending.lock();
        try {
            var _ =
                    socket.sendBinary(ByteBuffer.wrap(message), true)
                            .get(STALL_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the client has left: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while sending", e);
        } finally {
            sending.unlock();
        }
    }
}
