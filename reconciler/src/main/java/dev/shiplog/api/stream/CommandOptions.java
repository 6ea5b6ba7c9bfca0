package dev.shiplog.api.stream;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Query;
import dev.shiplog.api.Status;

import java.util.List;

/** What a client wants of an exec or attach: {@code core/v1 PodExecOptions}. */
record CommandOptions(
        List<String> command, boolean stdin, boolean stdout, boolean stderr, boolean tty) {
    private static final int MAX_WORDS = 4096;

    CommandOptions {
        command = List.copyOf(command);
    }

    /**
     * @throws ApiFailure 400 if there is nothing to run
     */
    static CommandOptions exec(Query query) {
        CommandOptions options = of(query);
        if (options.command.isEmpty()) {
            throw new ApiFailure(
                    Status.badRequest("you must specify at least 1 command for the container"));
        }
        if (options.command.size() > MAX_WORDS) {
            throw new ApiFailure(
                    Status.badRequest(
                            "expected a command of at most "
                                    + MAX_WORDS
                                    + " words, found "
                                    + options.command.size()));
        }
        return options;
    }

    /**
     * @throws ApiFailure 400 if nothing is wanted
     */
    static CommandOptions attach(Query query) {
        CommandOptions options = of(query);
        return new CommandOptions(
                List.of(), options.stdin, options.stdout, options.stderr, options.tty);
    }

    private static CommandOptions of(Query query) {
        boolean tty = query.flag("tty");
        CommandOptions options =
                new CommandOptions(
                        query.parameters().getOrDefault("command", List.of()),
                        query.flag("stdin"),
                        query.flag("stdout"),
                        // A terminal has one output.
                        query.flag("stderr") && !tty,
                        tty);
        if (!options.stdin && !options.stdout && !options.stderr) {
            throw new ApiFailure(
                    Status.badRequest("you must specify at least 1 of stdin, stdout, stderr"));
        }
        return options;
    }
}
