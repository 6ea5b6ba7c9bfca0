package dev.shiplog.api.proxy;

import dev.shiplog.api.PodSessions.Connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;

import java.io.IOException;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/** One HTTP/1.1 exchange over a connection into a pod. One thread sends, one receives. */
final class Upstream implements AutoCloseable {
    private static final int CHUNK_BYTES = 32 * 1024;
    private static final UnpooledByteBufAllocator ALLOCATOR = new UnpooledByteBufAllocator(false);

    private static final Logger LOG = Logger.getLogger(Upstream.class.getName());

    private final Connection connection;
    private final EmbeddedChannel encoder;
    private final EmbeddedChannel decoder;
    private boolean closed;
    private boolean finished;

    /**
     * @param bodiless whether the answer has no body whatever its headers say, as one to HEAD
     */
    Upstream(Connection connection, boolean bodiless) {
        this.connection = connection;
        this.encoder = new EmbeddedChannel(new HttpRequestEncoder());
        this.decoder = new EmbeddedChannel(new Answers(bodiless));
        encoder.config().setAllocator(ALLOCATOR);
        decoder.config().setAllocator(ALLOCATOR);
    }

    private static final class Answers extends HttpResponseDecoder {
        private final boolean bodiless;

        Answers(boolean bodiless) {
            this.bodiless = bodiless;
        }

        @Override
        protected boolean isContentAlwaysEmpty(HttpMessage message) {
            return bodiless || super.isContentAlwaysEmpty(message);
        }
    }

    /** Sends the head of a request, or a piece of its body. */
    synchronized void send(Object part) throws IOException {
        if (closed) {
            throw new IOException("the exchange is over");
        }
        encoder.writeOutbound(part);
        Optional<ByteBuf> encoded = Optional.ofNullable(encoder.readOutbound());
        while (encoded.isPresent()) {
            byte[] bytes = new byte[encoded.get().readableBytes()];
            encoded.get().readBytes(bytes);
            encoded.get().release();
            connection.out().write(bytes);
            encoded = Optional.ofNullable(encoder.readOutbound());
        }
        connection.out().flush();
    }

    /** The head of the answer. */
    HttpResponse head() throws IOException {
        while (true) {
            Object part = next();
            if (part instanceof HttpResponse head) {
                if (head.decoderResult().isFailure()) {
                    throw new IOException("expected an HTTP answer, found something else");
                }
                if (head.status().codeClass() != HttpStatusClass.INFORMATIONAL) {
                    return head;
                }
            }
        }
    }

    /** The next piece of the answer's body; empty at its end. */
    Optional<byte[]> body() throws IOException {
        while (!finished) {
            Object part = next();
            if (part instanceof HttpContent content) {
                finished = content instanceof LastHttpContent;
                byte[] bytes = new byte[content.content().readableBytes()];
                content.content().readBytes(bytes);
                content.release();
                if (content.decoderResult().isFailure()) {
                    throw new IOException("the answer's body is broken");
                }
                if (bytes.length > 0) {
                    return Optional.of(bytes);
                }
            }
        }
        return Optional.empty();
    }

    private Object next() throws IOException {
        Optional<Object> part = Optional.ofNullable(decoder.readInbound());
        byte[] chunk = new byte[CHUNK_BYTES];
        boolean ended = false;
        while (part.isEmpty()) {
            if (ended) {
                throw new IOException("the connection ended before the answer did");
            }
            int read = connection.in().read(chunk);
            if (read < 0) {
                // A body that only the connection's end ends, ends here.
                decoder.finish();
                ended = true;
            } else {
                decoder.writeInbound(Unpooled.copiedBuffer(chunk, 0, read));
            }
            part = Optional.ofNullable(decoder.readInbound());
        }
        return part.get();
    }

    /** Ends it, whatever the two threads are doing; any thread. */
    void abort() {
        try {
            connection.close();
        } catch (IOException e) {
            LOG.log(Level.FINE, "ending a proxied request", e);
        }
    }

    /** Ends it and gives back what it holds; the receiving thread. */
    @Override
    public void close() {
        // First the connection, so that nobody is stuck in it.
        abort();
        decoder.finishAndReleaseAll();
        synchronized (this) {
            closed = true;
            encoder.finishAndReleaseAll();
        }
    }
}
