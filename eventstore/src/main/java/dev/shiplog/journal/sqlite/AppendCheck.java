package dev.shiplog.journal.sqlite;

import dev.shiplog.journal.Cause;
import dev.shiplog.journal.NewEvent;
import dev.shiplog.journal.Tag;

import java.util.HashSet;
import java.util.List;

/** Refuses, in the caller's thread, what the writer could not write. */
final class AppendCheck {
    private AppendCheck() {}

    /**
     * @throws IllegalArgumentException if there is no event, a tag occurs twice in one or has a
     *     line break, a text has a NUL character, or a sibling cause does not point to an earlier
     *     event
     */
    static void check(List<NewEvent> events) {
        if (events.isEmpty()) {
            throw new IllegalArgumentException("expected at least one event, found none");
        }
        for (int i = 0; i < events.size(); i++) {
            checkCause(events.get(i), i);
            checkTags(events.get(i));
            checkTexts(events.get(i));
        }
    }

    private static void checkTexts(NewEvent event) {
        checkText("an id", event.id());
        checkText("a type", event.type());
        checkText("an actor", event.origin().actor());
        checkText("a correlation", event.origin().correlation());
        event.tags().forEach(tag -> checkText("a tag", tag.toString()));
    }

    private static void checkText(String what, String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    "expected "
                            + what
                            + " without NUL characters, found \""
                            + text.replace('\0', '\ufffd')
                            + "\"");
        }
    }

    private static void checkCause(NewEvent event, int index) {
        if (event.origin().cause() instanceof Cause.Sibling(int sibling)
                && (sibling < 0 || sibling >= index)) {
            throw new IllegalArgumentException(
                    "expected event "
                            + index
                            + " to be caused by one before it, found sibling "
                            + sibling);
        }
    }

    private static void checkTags(NewEvent event) {
        for (Tag tag : event.tags()) {
            if (tag.name().indexOf('\n') >= 0 || tag.value().indexOf('\n') >= 0) {
                throw new IllegalArgumentException(
                        "expected a tag without a line break, found \"" + tag + "\"");
            }
        }
        if (event.tags().size() > 1 && new HashSet<>(event.tags()).size() != event.tags().size()) {
            throw new IllegalArgumentException("expected each tag once, found " + event.tags());
        }
    }
}
