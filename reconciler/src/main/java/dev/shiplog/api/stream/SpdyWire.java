package dev.shiplog.api.stream;

import dev.shiplog.api.Messages;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.spdy.DefaultSpdyDataFrame;
import io.netty.handler.codec.spdy.DefaultSpdyPingFrame;
import io.netty.handler.codec.spdy.DefaultSpdyRstStreamFrame;
import io.netty.handler.codec.spdy.DefaultSpdySynReplyFrame;
import io.netty.handler.codec.spdy.SpdyFrame;
import io.netty.handler.codec.spdy.SpdyFrameCodec;
import io.netty.handler.codec.spdy.SpdyStreamStatus;
import io.netty.handler.codec.spdy.SpdyVersion;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * SPDY/3.1 frames over messages taken as one stream of bytes, however it is cut. One thread reads;
 * any thread sends.
 *
 * <p>There is no flow control by windows: kubectl's SPDY neither announces windows nor looks at
 * them, so a server that waited for one would wait for ever. The connection itself pushes back.
 */
final class SpdyWire implements AutoCloseable {
    private static final int MAX_DATA_BYTES = 64 * 1024;
    private static final int MAX_HEADER_BYTES = 16 * 1024;
    private static final int COMPRESSION = 6;
    private static final int WINDOW_BITS = 15;
    private static final int MEMORY_LEVEL = 8;
    private static final UnpooledByteBufAllocator ALLOCATOR = new UnpooledByteBufAllocator(false);

    private final Messages messages;

    // Two codecs, since reading and sending share no state and may happen at once.
    private final EmbeddedChannel decoder = codec();
    private final EmbeddedChannel encoder = codec();
    private final ReentrantLock encoding = new ReentrantLock();
    private boolean closed;

    SpdyWire(Messages messages) {
        this.messages = messages;
    }

    private static EmbeddedChannel codec() {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.config().setAllocator(ALLOCATOR);
        channel.pipeline()
                .addLast(
                        new SpdyFrameCodec(
                                SpdyVersion.SPDY_3_1,
                                MAX_DATA_BYTES,
                                MAX_HEADER_BYTES,
                                COMPRESSION,
                                WINDOW_BITS,
                                MEMORY_LEVEL),
                        new FirstFault());
        return channel;
    }

    /**
     * The next frame; empty once the peer has closed. Who gets it releases its content.
     *
     * @throws IOException if the peer left, or sends what is no SPDY
     */
    Optional<SpdyFrame> next() throws IOException {
        Optional<SpdyFrame> frame = Optional.ofNullable(decoder.readInbound());
        while (frame.isEmpty()) {
            Optional<Messages.Message> message = messages.receive();
            if (message.isEmpty()) {
                return Optional.empty();
            }
            decode(message.get().bytes());
            frame = Optional.ofNullable(decoder.readInbound());
        }
        return frame;
    }

    /** The codec throws its checked exceptions as if they were none, or hands them on. */
    private void decode(byte[] bytes) throws IOException {
        Optional<Throwable> fault;
        try {
            decoder.writeInbound(Unpooled.wrappedBuffer(bytes));
            fault = decoder.pipeline().get(FirstFault.class).fault;
        } catch (Exception e) {
            fault = Optional.of(e);
        }
        if (fault.isPresent()) {
            messages.close(Messages.PROTOCOL_ERROR, "not SPDY/3.1");
            throw new IOException(
                    "expected SPDY/3.1 frames, found " + fault.get().getMessage(), fault.get());
        }
    }

    /** Keeps what broke first. Without it the channel logs all that breaks after it. */
    private static final class FirstFault extends ChannelInboundHandlerAdapter {
        private Optional<Throwable> fault = Optional.empty();

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (fault.isEmpty()) {
                fault = Optional.of(cause);
            }
        }
    }

    /**
     * Accepts a stream that the peer began.
     *
     * @param type repeated to the peer: of no headers at all the codec makes no header block, and
     *     kubectl takes a reply without one for the connection's end
     */
    void accept(int stream, String type) throws IOException {
        DefaultSpdySynReplyFrame reply = new DefaultSpdySynReplyFrame(stream);
        reply.headers().set("streamtype", type);
        send(reply);
    }

    /**
     * Sends data over a stream.
     *
     * @param last whether nothing follows
     */
    void data(int stream, byte[] bytes, int length, boolean last) throws IOException {
        ByteBuf content = Unpooled.wrappedBuffer(bytes, 0, length);
        DefaultSpdyDataFrame frame = new DefaultSpdyDataFrame(stream, content);
        frame.setLast(last);
        send(frame);
    }

    /** Ends a stream, both ways and at once. */
    void reset(int stream, SpdyStreamStatus why) throws IOException {
        send(new DefaultSpdyRstStreamFrame(stream, why));
    }

    void ping(int id) throws IOException {
        send(new DefaultSpdyPingFrame(id));
    }

    private void send(SpdyFrame frame) throws IOException {
        encoding.lock();
        try {
            if (closed) {
                return;
            }
            encoder.writeOutbound(frame);
            Optional<ByteBuf> encoded = Optional.ofNullable(encoder.readOutbound());
            while (encoded.isPresent()) {
                byte[] bytes = new byte[encoded.get().readableBytes()];
                encoded.get().readBytes(bytes);
                encoded.get().release();
                messages.send(bytes);
                encoded = Optional.ofNullable(encoder.readOutbound());
            }
        } finally {
            encoding.unlock();
        }
    }

    /** Gives back what the codecs hold; who still sends, sends nothing. */
    @Override
    public void close() {
        decoder.finishAndReleaseAll();
        encoding.lock();
        try {
            closed = true;
            encoder.finishAndReleaseAll();
        } finally {
            encoding.unlock();
        }
    }
}
