package dev.shiplog.node.runtime.process;

import dev.shiplog.node.linux.Programs;

import java.io.IOException;
import java.util.List;

/** Runs a program of this machine to its end. */
final class Command {
    private Command() {}

    /** As {@link Programs#run(String...)}. */
    static String run(String... words) throws IOException {
        return Programs.run(words);
    }

    /** As {@link Programs#run(String, List)}. */
    static String run(String input, List<String> words) throws IOException {
        return Programs.run(input, words);
    }
}
