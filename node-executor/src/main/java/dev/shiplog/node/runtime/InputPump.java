package dev.shiplog.node.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;

/**
 * Carries a client's input to a process on a thread of its own, and its end. Closing it interrupts
 * the thread: a session that is over waits for no more input.
 */
public final class InputPump implements AutoCloseable {
    /** How much is carried at once. */
    private static final int CHUNK_BYTES = 1 << 15;

    /** How long closing waits for a reader that heeds no interrupt. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Optional<Thread> thread;

    private InputPump(Optional<Thread> thread) {
        this.thread = thread;
    }

    /** Says to a process that its input has ended. */
    public interface End {
        void end() throws IOException;
    }

    /**
     * @param stdin empty: nothing is carried, and the end is passed on at once
     * @param out where to; flushed after each piece
     */
    public static InputPump begin(
            String name, Optional<InputStream> stdin, OutputStream out, End end)
            throws IOException {
        if (stdin.isEmpty()) {
            end.end();
            return new InputPump(Optional.empty());
        }
        return new InputPump(
                Optional.of(
                        Thread.ofVirtual().name(name).start(() -> carry(stdin.get(), out, end))));
    }

    private static void carry(InputStream in, OutputStream out, End end) {
        byte[] chunk = new byte[CHUNK_BYTES];
        try {
            for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
                out.write(chunk, 0, count);
                out.flush();
            }
        } catch (IOException over) {
            // The client or the process is gone: for the process, both are the end of its input.
        }
        try {
            end.end();
        } catch (IOException gone) {
            // It has ended without reading all of its input, as it may.
        }
    }

    @Override
    public void close() {
        if (thread.isEmpty()) {
            return;
        }
        thread.get().interrupt();
        boolean interrupted = Thread.interrupted();
        try {
            thread.get().join(PATIENCE);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
