package dev.shiplog.api.stream;

import dev.shiplog.api.Messages;

import java.io.IOException;
import java.io.OutputStream;

/** Writes to one channel, at once, in messages of bounded size. */
final class ChannelOutput extends OutputStream {
    private static final int MAX_MESSAGE_BYTES = 32 * 1024;

    private final Messages messages;
    private final ChannelProtocol protocol;
    private final int channel;

    ChannelOutput(Messages messages, ChannelProtocol protocol, int channel) {
        this.messages = messages;
        this.protocol = protocol;
        this.channel = channel;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int end = offset + length;
        for (int from = offset; from < end; from += MAX_MESSAGE_BYTES) {
            protocol.send(messages, channel, bytes, from, Math.min(MAX_MESSAGE_BYTES, end - from));
        }
    }

    /** Lets a client know that the channel is open. */
    void announce() throws IOException {
        protocol.send(messages, channel, new byte[0], 0, 0);
    }
}
