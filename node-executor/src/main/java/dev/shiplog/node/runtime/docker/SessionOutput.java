package dev.shiplog.node.runtime.docker;

import dev.shiplog.node.runtime.Terminal;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Carries what a process writes to its client. Without a terminal the Engine sends frames: one byte
 * for the stream (1 standard output, 2 standard error), three of nothing, four for the length, the
 * bytes. With a terminal it sends the bytes as they are.
 *
 * <p>A command that cannot be started is told by the Engine as if the command had written it: such
 * a text is held back until it is known which it was.
 *
 * @see <a href="https://docs.docker.com/reference/api/engine/">Engine API, "Attach to a container",
 *     stream format</a>
 */
final class SessionOutput {
    private static final int CHUNK_BYTES = 1 << 15;
    private static final int HEADER_BYTES = 8;
    private static final int STDOUT = 1;

    /** How the Engine begins to say that a command cannot be started. */
    private static final byte[] FAILED =
            "OCI runtime exec failed".getBytes(StandardCharsets.US_ASCII);

    /** What is held back is no longer than this. */
    private static final int MAX_HELD_BYTES = 1 << 16;

    private final Terminal terminal;
    private final byte[] chunk = new byte[CHUNK_BYTES];
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();
    private boolean holding;
    private boolean begun;

    SessionOutput(Terminal terminal) {
        this.terminal = terminal;
    }

    /** The client does not take what it is sent. */
    static final class ClientGone extends IOException {
        private static final long serialVersionUID = 1;

        ClientGone(IOException cause) {
            super("the client left: " + cause.getMessage(), cause);
        }
    }

    /** Until the process has ended. */
    void copy(InputStream from, boolean tty) throws IOException {
        if (tty) {
            for (int count = from.read(chunk); count >= 0; count = from.read(chunk)) {
                pass(terminal.stdout(), count);
            }
            return;
        }
        byte[] header = new byte[HEADER_BYTES];
        for (int got = from.readNBytes(header, 0, HEADER_BYTES);
                got > 0;
                got = from.readNBytes(header, 0, HEADER_BYTES)) {
            if (got < HEADER_BYTES) {
                throw new EOFException("the Engine's stream ends inside a frame");
            }
            boolean stdout = header[0] <= STDOUT;
            frame(from, stdout, Integer.toUnsignedLong(ByteBuffer.wrap(header).getInt(4)));
        }
    }

    private void frame(InputStream from, boolean stdout, long length) throws IOException {
        OutputStream to = stdout ? terminal.stdout() : terminal.stderr().orElse(terminal.stdout());
        for (long left = length; left > 0; ) {
            int count = from.read(chunk, 0, (int) Math.min(left, CHUNK_BYTES));
            if (count < 0) {
                throw new EOFException("the Engine's stream ends inside a frame");
            }
            pass(to, count);
            left -= count;
        }
    }

    private void pass(OutputStream to, int count) throws IOException {
        if (!begun) {
            begun = true;
            holding = count >= FAILED.length && startsWithFailed();
        }
        if (holding && held.size() + count <= MAX_HELD_BYTES) {
            held.write(chunk, 0, count);
            return;
        }
        release();
        write(to, chunk, count);
    }

    private boolean startsWithFailed() {
        for (int i = 0; i < FAILED.length; i++) {
            if (chunk[i] != FAILED[i]) {
                return false;
            }
        }
        return true;
    }

    /** What may be the Engine's reason why nothing was started; empty if nothing was held back. */
    String held() {
        return held.toString(StandardCharsets.UTF_8).strip();
    }

    /** The command wrote what was held back. */
    void release() throws IOException {
        holding = false;
        if (held.size() > 0) {
            byte[] bytes = held.toByteArray();
            held.reset();
            write(terminal.stdout(), bytes, bytes.length);
        }
    }

    private static void write(OutputStream to, byte[] bytes, int count) throws ClientGone {
        try {
            to.write(bytes, 0, count);
            to.flush();
        } catch (IOException gone) {
            throw new ClientGone(gone);
        }
    }
}
