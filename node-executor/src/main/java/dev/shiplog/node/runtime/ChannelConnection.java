package dev.shiplog.node.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;

/** A pod's connection that is a socket of this machine. */
public record ChannelConnection(SocketChannel channel, InputStream in, OutputStream out)
        implements PodConnection {
    /**
     * @param channel connected and blocking
     */
    public static ChannelConnection of(SocketChannel channel) {
        return new ChannelConnection(
                channel, Channels.newInputStream(channel), Channels.newOutputStream(channel));
    }

    @Override
    public void endOutput() throws IOException {
        channel.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
