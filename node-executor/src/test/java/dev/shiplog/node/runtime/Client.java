package dev.shiplog.node.runtime;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A client of a session: what it types, and what it sees. */
final class Client implements Terminal.Sizes {
    private static final int PIPE_BYTES = 1 << 16;

    final ByteArrayOutputStream out = new ByteArrayOutputStream();
    final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Optional<InputStream> in;
    private final Optional<PipedOutputStream> keyboard;
    private final boolean tty;
    private Optional<Listener> listener = Optional.empty();

    private Client(Optional<InputStream> in, Optional<PipedOutputStream> keyboard, boolean tty) {
        this.in = in;
        this.keyboard = keyboard;
        this.tty = tty;
    }

    /** One that sends nothing. */
    static Client silent() {
        return new Client(Optional.empty(), Optional.empty(), false);
    }

    /** One that sends this and no more. */
    static Client sending(byte[] input) {
        return new Client(Optional.of(new ByteArrayInputStream(input)), Optional.empty(), false);
    }

    static Client sending(String input) {
        return sending(input.getBytes(StandardCharsets.UTF_8));
    }

    /** One that types, and leaves its input open. */
    static Client typing(boolean tty) throws IOException {
        PipedOutputStream keyboard = new PipedOutputStream();
        InputStream in = new PipedInputStream(keyboard, PIPE_BYTES);
        return new Client(Optional.of(in), Optional.of(keyboard), tty);
    }

    Terminal terminal() {
        return new Terminal(in, out, tty ? Optional.empty() : Optional.of(err), tty, this);
    }

    void type(String text) throws IOException {
        keyboard.orElseThrow().write(text.getBytes(StandardCharsets.UTF_8));
        keyboard.orElseThrow().flush();
    }

    void endInput() {
        try {
            keyboard.orElseThrow().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void listen(Listener heard) {
        listener = Optional.of(heard);
        heard.resized(100, 40);
    }

    void resize(int columns, int rows) {
        listener.orElseThrow().resized(columns, rows);
    }

    String output() {
        return out.toString(StandardCharsets.UTF_8);
    }

    String errors() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
