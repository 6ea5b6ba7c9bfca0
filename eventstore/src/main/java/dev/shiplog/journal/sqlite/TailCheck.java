package dev.shiplog.journal.sqlite;

import dev.shiplog.journal.HashChain;
import dev.shiplog.journal.JournalFailure;
import dev.shiplog.journal.StoredEvent;
import dev.shiplog.resource.Position;

import java.nio.file.Path;
import java.util.List;

/**
 * Looks at the newest events when a log is opened: what a crash or a bad disk damages first. The
 * whole log is checked by a replay, not at every start.
 */
final class TailCheck {
    /** How many events are checked. */
    static final int EVENTS = 1_000;

    private TailCheck() {}

    /**
     * The head of a sound log.
     *
     * @throws JournalFailure if a position is missing or a hash does not follow from the one before
     */
    static Head check(Readers readers, Path file) {
        Position head = readers.ask("the head", Reader::head);
        // One more than is checked: the first one read lends its hash.
        long first = Math.max(0, head.value() - EVENTS - 1);
        byte[] previous = HashChain.origin();
        long expected = first + 1;
        while (expected <= head.value()) {
            Position after = new Position(expected - 1);
            List<StoredEvent> next =
                    readers.ask(
                            "positions " + expected + " to " + head,
                            reader -> reader.read(after, EVENTS + 1));
            if (next.isEmpty()) {
                throw missing(expected, "the end of the log", file);
            }
            for (StoredEvent event : next) {
                if (event.position().value() != expected) {
                    throw missing(expected, event.position().toString(), file);
                }
                boolean lender = first > 0 && expected == first + 1;
                if (!lender) {
                    HashChain.check(previous, event, file.toString());
                }
                previous = event.hash();
                expected++;
            }
        }
        return new Head(head, previous);
    }

    private static JournalFailure missing(long expected, String found, Path file) {
        return new JournalFailure(
                "expected position "
                        + expected
                        + " in "
                        + file
                        + ", found "
                        + found
                        + ": events are missing. Restore the file from a backup; every"
                        + " position before "
                        + expected
                        + " may be sound (shiplog replay --verify tells).");
    }
}
