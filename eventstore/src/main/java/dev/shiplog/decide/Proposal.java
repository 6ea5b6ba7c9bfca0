package dev.shiplog.decide;

import dev.shiplog.command.ResourceCommand.Note;
import dev.shiplog.event.Event;
import dev.shiplog.event.ResourceEvent.Noted;
import dev.shiplog.journal.Cause;
import dev.shiplog.resource.Position;

import java.util.ArrayList;
import java.util.List;

/** Collects the events of one decision in order. */
final class Proposal {
    private final List<Decision.Proposed> events = new ArrayList<>();

    /** Adds an event that the command itself causes; gives its place for {@link #because}. */
    int add(Event event) {
        events.add(new Decision.Proposed(event, Cause.none()));
        return events.size() - 1;
    }

    /** Adds an event that an earlier one of this decision causes. */
    int because(int sibling, Event event) {
        events.add(new Decision.Proposed(event, new Cause.Sibling(sibling)));
        return events.size() - 1;
    }

    /**
     * Adds an event that follows from the event at a position: for commands about many resources,
     * of which each has its own history. Gives its place for {@link #because}.
     */
    int after(Position position, Event event) {
        events.add(new Decision.Proposed(event, new Cause.At(position)));
        return events.size() - 1;
    }

    void notes(List<Note> notes) {
        for (Note note : notes) {
            add(noted(note));
        }
    }

    static Noted noted(Note note) {
        return new Noted(
                note.about(),
                note.uid(),
                note.warning(),
                note.reason(),
                note.message(),
                note.component(),
                note.node(),
                note.sent());
    }

    boolean isEmpty() {
        return events.isEmpty();
    }

    /** What was added so far. */
    List<Decision.Proposed> proposed() {
        return List.copyOf(events);
    }

    int size() {
        return events.size();
    }

    /** The decision: these events, or a refusal if there are none. */
    Decision orUnchanged(String message) {
        return events.isEmpty()
                ? new Decision.Refused(Decision.Reason.UNCHANGED, message)
                : new Decision.Accepted(events);
    }
}
