package dev.shiplog.journal.sqlite;

import dev.shiplog.journal.AppendCondition;
import dev.shiplog.journal.Journal;
import dev.shiplog.journal.JournalContract;
import dev.shiplog.journal.NewEvent;
import dev.shiplog.journal.StoredEvent;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Appends for ever from several threads, and prints position and id of each event once it is
 * acknowledged. Made to be killed.
 */
final class AppendingChild {
    private static final int THREADS = 8;

    private AppendingChild() {}

    public static void main(String[] arguments) {
        Journal journal = SqliteJournal.open(Path.of(arguments[0]));
        for (int thread = 0; thread < THREADS; thread++) {
            String name = "t" + thread;
            Thread.ofPlatform().start(() -> append(journal, name));
        }
    }

    private static void append(Journal journal, String name) {
        for (int i = 0; ; i++) {
            List<NewEvent> events = new ArrayList<>();
            for (int j = 0; j <= i % 3; j++) {
                events.add(JournalContract.event(UUID.randomUUID().toString(), name));
            }
            StringBuilder lines = new StringBuilder();
            for (StoredEvent stored : journal.append(events, AppendCondition.none()).join()) {
                lines.append(stored.position())
                        .append(' ')
                        .append(stored.event().id())
                        .append('\n');
            }
            System.out.print(lines);
            System.out.flush();
        }
    }
}
