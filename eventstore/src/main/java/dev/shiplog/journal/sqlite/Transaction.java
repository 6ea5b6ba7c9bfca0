package dev.shiplog.journal.sqlite;

import dev.shiplog.journal.AppendCondition;
import dev.shiplog.journal.Cause;
import dev.shiplog.journal.NewEvent;
import dev.shiplog.journal.StoredEvent;
import dev.shiplog.journal.Tag;
import dev.shiplog.resource.Position;

import java.sql.SQLException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The appends that share one commit, and so one fsync. */
final class Transaction {
    private final WriteStatements statements;
    private final RecentEvents recent;
    private final List<StoredEvent> events = new ArrayList<>();
    private final Map<Tag, Position> newestHere = new HashMap<>();
    private Head head;

    Transaction(WriteStatements statements, RecentEvents recent, Head head) {
        this.statements = statements;
        this.recent = recent;
        this.head = head;
    }

    /** Where the log ends once this is committed. */
    Head head() {
        return head;
    }

    /** Everything appended, in order. */
    List<StoredEvent> events() {
        return events;
    }

    /** The first event that breaks a condition, if one does. */
    Optional<Position> conflict(AppendCondition condition) throws SQLException {
        if (condition.tags().isEmpty() || condition.after().equals(head.position())) {
            return Optional.empty();
        }
        for (Tag tag : condition.tags()) {
            Position here = newestHere.get(tag);
            if (here != null && here.isAfter(condition.after())) {
                return Optional.of(here);
            }
        }
        Optional<Position> known = recent.newestWith(condition.tags(), condition.after());
        Position newest =
                known.isPresent()
                        ? known.get()
                        : statements.newestWith(condition.tags(), condition.after());
        return newest.isAfter(condition.after()) ? Optional.of(newest) : Optional.empty();
    }

    List<StoredEvent> append(List<NewEvent> added) throws SQLException {
        Position first = head.position().next();
        List<StoredEvent> stored = new ArrayList<>(added.size());
        for (NewEvent event : added) {
            Position position = head.position().next();
            NewEvent resolved = resolved(event, first);
            byte[] hash = statements.hash(head.hash(), position, resolved);
            StoredEvent one = new StoredEvent(position, resolved, hash);
            statements.insert(one);
            for (Tag tag : resolved.tags()) {
                newestHere.put(tag, position);
            }
            stored.add(one);
            head = new Head(position, hash);
        }
        events.addAll(stored);
        return stored;
    }

    /** As the file will give it back: microseconds, and causes that are positions. */
    private static NewEvent resolved(NewEvent event, Position first) {
        Cause cause =
                switch (event.origin().cause()) {
                    case Cause.Sibling(int index) -> new Cause.At(first.plus(index));
                    case Cause.At at -> at;
                    case Cause.None none -> none;
                };
        return new NewEvent(
                event.id(),
                event.type(),
                event.version(),
                event.time().truncatedTo(ChronoUnit.MICROS),
                event.origin().withCause(cause).with(event.origin().further()),
                event.tags(),
                event.payload());
    }
}
