package dev.shiplog.api.http;

import dev.shiplog.api.Reply;

import io.helidon.common.socket.HelidonSocket;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.ServerResponse;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/** A streamed reply on its way: opened at the first byte, watched while it lasts. */
final class ReplyStream implements Reply.Stream {
    private final ServerResponse response;
    private final WriteStalls stalls;
    private final Guarded out = new Guarded();
    private @Nullable OutputStream opened;
    private @Nullable HelidonSocket watched;

    ReplyStream(ServerResponse response, WriteStalls stalls) {
        this.response = response;
        this.stalls = stalls;
    }

    @Override
    public OutputStream out() {
        return out;
    }

    boolean begun() {
        return opened != null;
    }

    /** Ends the reply; the connection too, if its other side was listened to. */
    void finish() throws IOException {
        HelidonSocket socket = watched;
        if (socket != null) {
            response.whenSent(socket::close);
        }
        open().close();
    }

    /**
     * Listens on the socket: a client that waits for a long reply sends nothing, so the only thing
     * that can arrive is its end.
     */
    @Override
    public void whenGone(Runnable action) {
        if (watched != null) {
            throw new IllegalStateException("expected one listener for a reader's end, found two");
        }
        HelidonSocket socket = TrackedConnections.CURRENT.get().serverSocket();
        watched = socket;
        response.header(HeaderValues.CONNECTION_CLOSE);
        AtomicBoolean done = new AtomicBoolean();
        Thread.ofVirtual()
                .name("api-reader-gone")
                .start(() -> {
                    awaitEnd(socket);
                    if (done.compareAndSet(false, true)) {
                        action.run();
                    }
                });
    }

    private static void awaitEnd(HelidonSocket socket) {
        while (true) {
            try {
                if (socket.get() == null) {
                    return;
                }
            } catch (UncheckedIOException e) {
                if (!(e.getCause() instanceof SocketTimeoutException)) {
                    return;
                }
            } catch (RuntimeException e) {
                return;
            }
        }
    }

    private OutputStream open() {
        OutputStream stream = opened;
        if (stream == null) {
            stream = response.outputStream();
            opened = stream;
        }
        return stream;
    }

    /** Times every write. */
    private final class Guarded extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (length == 0) {
                // An empty chunk would end the reply.
                return;
            }
            stalls.begin();
            try {
                open().write(bytes, offset, length);
            } finally {
                stalls.end();
            }
        }

        @Override
        public void flush() throws IOException {
            if (opened == null) {
                return;
            }
            stalls.begin();
            try {
                opened.flush();
            } finally {
                stalls.end();
            }
        }
    }
}
