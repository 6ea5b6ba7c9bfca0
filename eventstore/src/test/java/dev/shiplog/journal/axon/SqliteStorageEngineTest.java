package dev.shiplog.journal.axon;

import dev.shiplog.journal.Journal;
import dev.shiplog.journal.sqlite.SqliteJournal;

import org.axonframework.eventsourcing.eventstore.StorageEngineTestSuite;
import org.axonframework.messaging.core.unitofwork.ProcessingContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/** Axon's own conformance suite for storage engines, over SQLite. */
class SqliteStorageEngineTest extends StorageEngineTestSuite<JournalStorageEngine> {
    @TempDir static Path folder;

    private @Nullable Journal journal;

    @Override
    protected JournalStorageEngine buildStorageEngine() {
        Journal opened = SqliteJournal.open(folder.resolve("log.db"));
        journal = opened;
        return new JournalStorageEngine(opened, new PlainMessages());
    }

    @Override
    @SuppressWarnings("NullAway") // As the suite says: an engine must do without a context.
    protected ProcessingContext processingContext() {
        return null;
    }

    @AfterAll
    void close() {
        if (journal != null) {
            journal.close();
        }
    }
}
