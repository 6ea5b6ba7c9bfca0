package dev.shiplog.api;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** The answer to a {@link Request}. */
public sealed interface Reply {
    /** The HTTP status code. */
    int code();

    /** The headers, {@code Content-Type} among them. */
    SortedMap<String, String> headers();

    /** An answer that is all there. */
    record Whole(int code, SortedMap<String, String> headers, byte[] body) implements Reply {
        public Whole {
            headers = Collections.unmodifiableSortedMap(new TreeMap<>(headers));
        }
    }

    /** An answer that is written bit by bit. */
    record Streamed(int code, SortedMap<String, String> headers, Body body) implements Reply {
        public Streamed {
            headers = Collections.unmodifiableSortedMap(new TreeMap<>(headers));
        }
    }

    /**
     * Not an answer but another protocol: the request asked for a WebSocket and gets it. If the
     * request's handshake is broken, the reply is 400 and the talk only closed.
     *
     * @param protocol the subprotocol, one of those that the client named; empty for none
     */
    record WebSocket(String protocol, Talk talk) implements Reply {
        @Override
        public int code() {
            return 101;
        }

        @Override
        public SortedMap<String, String> headers() {
            return Collections.emptySortedMap();
        }
    }

    /**
     * The same for clients that ask for bare SPDY/3.1, by POST: the talk's messages are its bytes.
     *
     * @param protocol the {@code X-Stream-Protocol-Version}, one of those that the client named
     */
    record Spdy(String protocol, Talk talk) implements Reply {
        @Override
        public int code() {
            return 101;
        }

        @Override
        public SortedMap<String, String> headers() {
            return Collections.emptySortedMap();
        }
    }

    /** What is said over a connection that was upgraded; closed in any case, also if unused. */
    interface Talk extends AutoCloseable {
        /**
         * Talks until there is nothing more to say; the connection is closed afterwards. Called on
         * the connection's own thread, which is interrupted when the server stops.
         */
        void talk(Messages messages) throws IOException, InterruptedException;

        @Override
        void close();
    }

    /** Writes a streamed answer. */
    interface Body {
        /**
         * @throws ApiFailure if nothing was written yet; it becomes the reply instead
         */
        void write(Stream stream) throws IOException, InterruptedException;
    }

    /** The way to one reader. */
    interface Stream {
        /** Blocks while the reader does not read; a flush sends what was written. */
        OutputStream out();

        /**
         * Calls an action once, on another thread, as soon as the reader has left. From then on the
         * connection carries no further request.
         */
        void whenGone(Runnable action);
    }

    /** An answer of one content type. */
    static Whole of(int code, String contentType, byte[] body) {
        return new Whole(code, headers(contentType), body);
    }

    /** A JSON answer. */
    static Whole json(int code, byte[] body) {
        return of(code, "application/json", body);
    }

    /** A plain text answer. */
    static Reply text(int code, String text) {
        return of(code, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    /** A streamed answer of one content type. */
    static Reply stream(int code, String contentType, Body body) {
        return new Streamed(code, headers(contentType), body);
    }

    private static SortedMap<String, String> headers(String contentType) {
        SortedMap<String, String> headers = new TreeMap<>();
        headers.put("Content-Type", contentType);
        return headers;
    }
}
