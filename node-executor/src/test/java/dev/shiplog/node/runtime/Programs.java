package dev.shiplog.node.runtime;

import java.util.List;

/** What the contract's containers run, in the words that a runtime understands. */
public interface Programs {
    /** Runs until SIGTERM, and then ends at once with exit code 0. */
    List<String> forever();

    /** Runs for minutes and ignores SIGTERM. */
    List<String> deaf();

    /** Ends at once. */
    List<String> exits(int code);

    /** Writes the lines to its standard output and ends with exit code 0. */
    List<String> prints(List<String> lines);

    /** Writes the lines, then behaves as {@link #forever()}. */
    List<String> printsThenStays(List<String> lines);

    /** Writes one line, waits about a second, writes the next, ends. */
    List<String> printsSlowly(String first, String second);

    /** A command that cannot be started. Its text contains {@code nosuch}. */
    List<String> nosuch();

    /** Writes its standard input to its standard output and ends with it, with exit code 0. */
    List<String> echoes();

    /** Listens at a port of the loopback; an answer to {@code GET /served} has that word in it. */
    List<String> serves(int port);

    /** Listens at a port of the pod; {@code GET /served} is answered well. */
    List<String> answers(int port);

    /** Shell scripts, for images that have a shell. */
    static Programs shell() {
        return new ShellPrograms();
    }
}
