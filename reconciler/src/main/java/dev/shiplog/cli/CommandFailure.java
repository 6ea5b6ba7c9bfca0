package dev.shiplog.cli;

/**
 * A command could not do what it promises; the message says why and what to do. Ends the program
 * with 1.
 */
final class CommandFailure extends RuntimeException {
    CommandFailure(String message) {
        super(message);
    }

    CommandFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
