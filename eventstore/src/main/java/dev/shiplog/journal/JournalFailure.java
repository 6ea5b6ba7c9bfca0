package dev.shiplog.journal;

/**
 * The log cannot be trusted or written any more: disk full, I/O error, broken chain. The engine has
 * stopped; nothing was acknowledged that is not stored. The message names the file, the position
 * and what to do.
 */
public final class JournalFailure extends RuntimeException {
    public JournalFailure(String message) {
        super(message);
    }

    public JournalFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
