package dev.shiplog.node.runtime;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/**
 * The client's side of a session with a process.
 *
 * @param stdin what the process reads; its end is passed on as the end of the process's standard
 *     input, and the session goes on. Read by a thread of the session's own, which is interrupted
 *     when the session is over: a read that waits must then return. Empty if the client sends
 *     nothing
 * @param stdout written through at once; when it fails, the client has left
 * @param stderr empty if it goes to {@code stdout}, as it does with a terminal
 * @param tty whether the process is wished to have a terminal
 * @param sizes the terminal's sizes as the client changes them
 */
public record Terminal(
        Optional<InputStream> stdin,
        OutputStream stdout,
        Optional<OutputStream> stderr,
        boolean tty,
        Sizes sizes) {
    /** The sizes that a client's terminal takes, one after the other. */
    public interface Sizes {
        /** No terminal, no sizes. */
        Sizes NONE = _ -> {};

        /** Calls the listener with the size now, if it is known, and with every later one. */
        void listen(Listener listener);

        /** Told of each size, on whichever thread learns of it. */
        interface Listener {
            void resized(int columns, int rows);
        }
    }
}
