package dev.shiplog.controller;

import dev.shiplog.command.Command;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a controller asks for.
 *
 * @param commands in order; the loop submits them one after another and stops at the first refusal,
 *     because the next look will see more
 * @param lookAgain when to look again even if nothing happens
 */
public record Verdict(List<Command> commands, Optional<Instant> lookAgain) {
    /** Nothing to do. */
    public static final Verdict DONE = new Verdict(List.of(), Optional.empty());

    public Verdict {
        commands = List.copyOf(commands);
    }
}
