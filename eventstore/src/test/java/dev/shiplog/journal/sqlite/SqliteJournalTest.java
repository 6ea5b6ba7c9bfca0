package dev.shiplog.journal.sqlite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.journal.AppendCondition;
import dev.shiplog.journal.AppendConflict;
import dev.shiplog.journal.Journal;
import dev.shiplog.journal.JournalContract;
import dev.shiplog.journal.JournalFailure;
import dev.shiplog.journal.NewEvent;
import dev.shiplog.journal.StoredEvent;
import dev.shiplog.journal.Tag;
import dev.shiplog.resource.Position;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

class SqliteJournalTest extends JournalContract {
    @TempDir Path folder;

    @Override
    protected Journal open() {
        return SqliteJournal.open(file());
    }

    private Path file() {
        return folder.resolve("log.db");
    }

    @Test
    void isThereAgainAfterClosing() throws Exception {
        append(event("1", "a"), event("2", "b"));
        byte[] hash = journal.headHash();
        journal.close();

        journal = open();

        assertEquals(new Position(2), journal.head());
        assertArrayEquals(hash, journal.headHash());
        assertEquals(new Position(3), append(event("3", "a")).getFirst().position());
        AppendCondition old = new AppendCondition(new Position(1), List.of(new Tag("about", "b")));
        ExecutionException broken =
                assertThrows(
                        ExecutionException.class,
                        () -> get(journal.append(List.of(event("4", "b")), old)));
        assertTrue(broken.getCause() instanceof AppendConflict, broken::toString);
    }

    @Test
    void refusesASecondWriterAndNamesTheFirst() {
        JournalFailure refused =
                assertThrows(JournalFailure.class, () -> SqliteJournal.open(file()));

        assertTrue(
                refused.toString().contains("process " + ProcessHandle.current().pid()),
                refused::toString);
        assertTrue(refused.toString().contains(file().toString()), refused::toString);
    }

    @Test
    void canBeReadBesideTheWriter() throws Exception {
        append(event("1", "a"));
        CountDownLatch seen = new CountDownLatch(2);
        try (Journal reader = SqliteJournal.openReadOnly(file());
                Journal.Subscription _ =
                        reader.subscribe(
                                Position.ORIGIN, batch -> batch.forEach(_ -> seen.countDown()))) {
            assertEquals(new Position(1), reader.head());
            append(event("2", "a"));
            assertEquals(new Position(2), reader.head());
            assertArrayEquals(journal.headHash(), reader.headHash());
            assertTrue(seen.await(30, TimeUnit.SECONDS));
            assertThrows(
                    UnsupportedOperationException.class,
                    () -> reader.append(List.of(event("3", "a")), AppendCondition.none()));
        }
    }

    @Test
    void anAuditorCanAskInSql() throws Exception {
        append(event("1", "a"));
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery(
                                "SELECT time, actor, payload ->> '$.id', hash FROM log")) {
            assertTrue(rows.next());
            assertEquals("2026-11-23T10:00:00.123Z", rows.getString(1));
            assertEquals("user:test", rows.getString(2));
            assertEquals("1", rows.getString(3));
            assertEquals(java.util.HexFormat.of().formatHex(journal.headHash()), rows.getString(4));
        }
    }

    @Test
    void manyThreadsAppendAndReadWithoutAnError() throws Exception {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int thread = 0; thread < 8; thread++) {
            String name = "t" + thread;
            all.add(
                    CompletableFuture.runAsync(
                            () -> {
                                for (int i = 0; i < 100; i++) {
                                    List<StoredEvent> stored =
                                            appendUnchecked(event(name + "-" + i, name));
                                    Position before =
                                            new Position(stored.getFirst().position().value() - 1);
                                    List<Tag> tags = List.of(new Tag("about", name));
                                    assertEquals(
                                            stored.getFirst().position(),
                                            journal.read(before, tags, 1).getFirst().position());
                                }
                            },
                            task -> Thread.ofPlatform().start(task)));
        }
        for (CompletableFuture<Void> one : all) {
            get(one);
        }
        assertEquals(new Position(800), journal.head());
    }

    private List<StoredEvent> appendUnchecked(NewEvent event) {
        try {
            return append(event);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatIsNotALogIsRefused() throws Exception {
        Path text = folder.resolve("text.db");
        Files.writeString(text, "This is not a database. ".repeat(100));
        Path other = folder.resolve("other.db");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + other);
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("CREATE TABLE somebody_elses (x)");
        }

        for (Path file : List.of(text, other)) {
            JournalFailure refused =
                    assertThrows(JournalFailure.class, () -> SqliteJournal.open(file));
            assertTrue(refused.toString().contains(file.toString()), refused::toString);
        }
        assertThrows(
                JournalFailure.class, () -> SqliteJournal.openReadOnly(folder.resolve("none.db")));
    }

    @Test
    void aClosedJournalTakesNothing() {
        journal.close();
        ExecutionException refused =
                assertThrows(
                        ExecutionException.class,
                        () ->
                                get(
                                        journal.append(
                                                List.of(event("1", "a")), AppendCondition.none())));
        assertTrue(refused.getCause() instanceof IllegalStateException, refused::toString);
    }
}
