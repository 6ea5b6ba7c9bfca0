package dev.shiplog.api.stream;

import dev.shiplog.api.Messages;

import io.netty.handler.codec.spdy.SpdyDataFrame;
import io.netty.handler.codec.spdy.SpdyFrame;
import io.netty.handler.codec.spdy.SpdyGoAwayFrame;
import io.netty.handler.codec.spdy.SpdyPingFrame;
import io.netty.handler.codec.spdy.SpdyRstStreamFrame;
import io.netty.handler.codec.spdy.SpdyStreamStatus;
import io.netty.handler.codec.spdy.SpdySynStreamFrame;
import io.netty.util.ReferenceCountUtil;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The streams of one remote command over SPDY, as the messages of {@link ChannelProtocol#V5}: each
 * stream's {@code streamtype} names its channel. One thread reads; any thread sends.
 */
final class SpdyChannels implements Messages {
    private final SpdyWire wire;
    private final Set<Channel> wanted = EnumSet.of(Channel.ERROR);
    private final Map<Channel, Integer> streams = new ConcurrentHashMap<>();
    private final Map<Integer, Channel> channels = new ConcurrentHashMap<>();
    private final Deque<Message> ready = new ArrayDeque<>();
    private boolean left;

    SpdyChannels(SpdyWire wire, CommandOptions options) {
        this.wire = wire;
        if (options.stdin()) {
            wanted.add(Channel.STDIN);
        }
        if (options.stdout()) {
            wanted.add(Channel.STDOUT);
        }
        if (options.stderr() && !options.tty()) {
            wanted.add(Channel.STDERR);
        }
        if (options.tty()) {
            wanted.add(Channel.RESIZE);
        }
    }

    /** Waits until the client has begun every stream that it asked for; false if it leaves. */
    boolean open() throws IOException {
        while (!left && !streams.keySet().containsAll(wanted)) {
            step();
        }
        return !left;
    }

    @Override
    public Optional<Message> receive() throws IOException {
        while (ready.isEmpty() && !left) {
            step();
        }
        return Optional.ofNullable(ready.poll());
    }

    private void step() throws IOException {
        Optional<SpdyFrame> frame = wire.next();
        if (frame.isEmpty()) {
            left = true;
            return;
        }
        try {
            take(frame.get());
        } finally {
            ReferenceCountUtil.release(frame.get());
        }
    }

    private void take(SpdyFrame frame) throws IOException {
        switch (frame) {
            case SpdySynStreamFrame syn -> begin(syn);
            case SpdyDataFrame data -> data(data);
            case SpdyRstStreamFrame reset ->
                    Optional.ofNullable(channels.get(reset.streamId())).ifPresent(this::ended);
            case SpdyPingFrame ping -> {
                if (ping.id() % 2 != 0) {
                    wire.ping(ping.id());
                }
            }
            case SpdyGoAwayFrame _ -> left = true;
            default -> {
                // Settings, windows and further headers change nothing here.
            }
        }
    }

    private void begin(SpdySynStreamFrame syn) throws IOException {
        String type = Optional.ofNullable(syn.headers().getAsString("streamtype")).orElse("");
        Optional<Channel> channel =
                wanted.stream()
                        .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(type))
                        .findFirst();
        if (syn.isInvalid()
                || syn.isTruncated()
                || channel.isEmpty()
                || streams.putIfAbsent(channel.get(), syn.streamId()) != null) {
            wire.reset(syn.streamId(), SpdyStreamStatus.PROTOCOL_ERROR);
            return;
        }
        channels.put(syn.streamId(), channel.get());
        wire.accept(syn.streamId(), type);
        if (syn.isLast()) {
            ended(channel.get());
        }
    }

    private void data(SpdyDataFrame frame) {
        Channel channel = channels.get(frame.streamId());
        if (channel == null) {
            return;
        }
        int length = frame.content().readableBytes();
        if (length > 0) {
            byte[] message = new byte[length + 1];
            message[0] = (byte) channel.id();
            frame.content().readBytes(message, 1, length);
            ready.add(new Message(false, message));
        }
        if (frame.isLast()) {
            ended(channel);
        }
    }

    private void ended(Channel channel) {
        ready.add(new Message(false, new byte[] {(byte) Channel.CLOSE, (byte) channel.id()}));
    }

    @Override
    public void send(byte[] message) throws IOException {
        for (Map.Entry<Channel, Integer> stream : streams.entrySet()) {
            if (stream.getKey().id() == message[0] && message.length > 1) {
                byte[] data = Arrays.copyOfRange(message, 1, message.length);
                wire.data(stream.getValue(), data, data.length, false);
            }
        }
    }

    @Override
    public void send(String message) throws IOException {
        send(message.getBytes(StandardCharsets.UTF_8));
    }

    /** Ends every stream; the client then ends the connection. */
    @Override
    public void close(int code, String reason) throws IOException {
        for (int stream : streams.values()) {
            wire.data(stream, new byte[0], 0, true);
        }
    }
}
