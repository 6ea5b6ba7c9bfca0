package dev.shiplog.audit;

import dev.shiplog.event.Recorded;
import dev.shiplog.journal.Tag;
import dev.shiplog.ledger.History;
import dev.shiplog.resource.Position;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Walks a history page by page, so that a long log is never held whole. */
final class Pages {
    private static final int PAGE_EVENTS = 2_000;

    private Pages() {}

    /** Calls {@code wanted} for each event after a position until it says false or the log ends. */
    static void forEach(
            History history, Position after, Optional<Tag> tag, Predicate<Recorded> wanted) {
        Position position = after;
        while (true) {
            List<Recorded> page = history.read(position, tag, PAGE_EVENTS);
            for (Recorded event : page) {
                if (!wanted.test(event)) {
                    return;
                }
            }
            if (page.isEmpty()) {
                return;
            }
            position = page.getLast().position();
        }
    }
}
