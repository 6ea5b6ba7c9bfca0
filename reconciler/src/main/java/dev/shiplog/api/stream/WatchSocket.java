package dev.shiplog.api.stream;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Messages;
import dev.shiplog.api.Reply;
import dev.shiplog.api.Request;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A watch over a WebSocket, as fabric8's client asks for it first: each event one text message.
 * What the client sends means nothing; that it leaves ends the watch.
 */
public final class WatchSocket implements Reply.Talk {
    private final Reply.Body events;

    private WatchSocket(Reply.Body events) {
        this.events = events;
    }

    /** The reply to a watch: itself, or over a WebSocket if the client asked for one. */
    public static Reply of(Request request, Reply watch) {
        boolean wanted =
                request.header("Upgrade").filter("websocket"::equalsIgnoreCase).isPresent();
        return wanted && watch instanceof Reply.Streamed streamed
                ? new Reply.WebSocket("", new WatchSocket(streamed.body()))
                : watch;
    }

    @Override
    public void talk(Messages messages) throws IOException, InterruptedException {
        try {
            events.write(new Events(messages));
            messages.close(Messages.NORMAL, "");
        } catch (ApiFailure failure) {
            messages.send(failure.status().json().toString());
            messages.close(Messages.INTERNAL_ERROR, failure.status().message());
        }
    }

    @Override
    public void close() {
        // It holds nothing.
    }

    private record Events(Messages messages) implements Reply.Stream {
        @Override
        public OutputStream out() {
            return new Lines(messages);
        }

        @Override
        public void whenGone(Runnable action) {
            Thread.ofVirtual()
                    .name("api-watch-reader")
                    .start(() -> {
                        try {
                            Optional<Messages.Message> ignored = messages.receive();
                            while (ignored.isPresent()) {
                                ignored = messages.receive();
                            }
                        } catch (IOException e) {
                            // Gone, one way or the other.
                        }
                        action.run();
                    });
        }
    }

    /** Sends each line as a message. */
    private static final class Lines extends OutputStream {
        private final Messages messages;
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();

        Lines(Messages messages) {
            this.messages = messages;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            int from = offset;
            for (int i = offset; i < offset + length; i++) {
                if (bytes[i] == '\n') {
                    line.write(bytes, from, i - from);
                    from = i + 1;
                    messages.send(line.toString(StandardCharsets.UTF_8));
                    line.reset();
                }
            }
            line.write(bytes, from, offset + length - from);
        }
    }
}
