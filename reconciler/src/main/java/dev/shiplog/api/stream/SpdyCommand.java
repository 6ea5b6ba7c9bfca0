package dev.shiplog.api.stream;

import dev.shiplog.api.Messages;
import dev.shiplog.api.Reply;

import java.io.IOException;
import java.time.Duration;

/**
 * One exec or attach over bare SPDY/3.1, as clients before kubectl 1.31 and many libraries speak
 * it: what a WebSocket carries in channels, SPDY carries in streams, and all else is the same.
 */
final class SpdyCommand implements Reply.Talk {
    /** The subprotocol: the error stream carries a Status. */
    static final String PROTOCOL = "v4.channel.k8s.io";

    private final CommandOptions options;
    private final Duration silence;
    private final RemoteCommand command;

    SpdyCommand(CommandOptions options, Duration silence, RemoteCommand command) {
        this.options = options;
        this.silence = silence;
        this.command = command;
    }

    @Override
    public void talk(Messages messages) throws IOException, InterruptedException {
        try (SpdyWire wire = new SpdyWire(messages);
                SpdyPings _ = new SpdyPings(wire, silence)) {
            SpdyChannels channels = new SpdyChannels(wire, options);
            if (channels.open()) {
                command.talk(channels);
            }
        }
    }

    @Override
    public void close() {
        command.close();
    }
}
