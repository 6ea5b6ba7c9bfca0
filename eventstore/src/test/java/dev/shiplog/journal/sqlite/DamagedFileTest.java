package dev.shiplog.journal.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.event.EventCodec;
import dev.shiplog.event.SourceEvent;
import dev.shiplog.event.Tags;
import dev.shiplog.journal.AppendCondition;
import dev.shiplog.journal.Journal;
import dev.shiplog.journal.JournalFailure;
import dev.shiplog.journal.NewEvent;
import dev.shiplog.journal.Origin;
import dev.shiplog.journal.proof.Replay;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.SourceName;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Whatever happens to the file: it stops, and says which position, which file and what to do. */
class DamagedFileTest {
    private static final int EVENTS = 3_000;

    @TempDir Path folder;

    @Test
    void aSoundLogIsReplayed() throws Exception {
        try (Journal journal = SqliteJournal.open(log())) {
            Replay.Result result = Replay.verify(journal);
            assertEquals(EVENTS, result.events());
            assertEquals(new Position(EVENTS), result.state().position());
            assertEquals(
                    java.util.HexFormat.of().formatHex(journal.headHash()),
                    java.util.HexFormat.of().formatHex(result.headHash()));
        }
    }

    @Test
    void anAlteredRowNearTheEndIsFoundWhenOpening() throws Exception {
        Path file = log();
        sql(file, "UPDATE event SET actor = 'user:eve' WHERE position = 2900");
        assertRefusedToOpen(file, "position 2900");
    }

    @Test
    void aMissingRowNearTheEndIsFoundWhenOpening() throws Exception {
        Path file = log();
        sql(file, "DELETE FROM event WHERE position = 2500");
        assertRefusedToOpen(file, "expected position 2500");
    }

    @Test
    void anAlteredRowAnywhereIsFoundByAReplay() throws Exception {
        Path file = log();
        sql(
                file,
                "UPDATE event SET payload = json_set(payload, '$.message', 'all is well')"
                        + " WHERE position = 77");
        assertRefusedToReplay(file, "position 77");
    }

    @Test
    void aMissingRowAnywhereIsFoundByAReplay() throws Exception {
        Path file = log();
        sql(file, "DELETE FROM event WHERE position = 1234");
        assertRefusedToReplay(file, "expected position 1234");
    }

    @Test
    void aForgedEndIsFoundEvenWithAHashOfItsOwn() throws Exception {
        Path file = log();
        sql(
                file,
                "INSERT INTO event SELECT position + 1, time, type, version, 'user:eve', cause,"
                        + " correlation, \"commit\", id, tags, payload, hash FROM event"
                        + " WHERE position = 3000");
        assertRefusedToOpen(file, "position 3001");
    }

    @Test
    void overwrittenPagesAreFound() throws Exception {
        Path file = log();
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            long middle = bytes.length() / 2 / 4096 * 4096;
            bytes.seek(middle);
            bytes.write(new byte[3 * 4096]);
        }
        JournalFailure failure =
                assertThrows(
                        JournalFailure.class,
                        () -> {
                            try (Journal journal = SqliteJournal.open(file)) {
                                Replay.verify(journal);
                            }
                        });
        assertTrue(failure.toString().contains(file.toString()), failure::toString);
    }

    @Test
    void anOverwrittenHeaderIsFound() throws Exception {
        Path file = log();
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.write(new byte[100]);
        }
        assertRefusedToOpen(file, "restore it from a backup");
    }

    private static void assertRefusedToOpen(Path file, String said) {
        for (int attempt = 0; attempt < 2; attempt++) {
            // Twice: a refusal leaves no lock behind.
            JournalFailure failure =
                    assertThrows(JournalFailure.class, () -> SqliteJournal.open(file));
            assertTrue(failure.toString().contains(said), failure::toString);
            assertTrue(failure.toString().contains(file.toString()), failure::toString);
        }
    }

    private static void assertRefusedToReplay(Path file, String said) {
        try (Journal journal = SqliteJournal.open(file)) {
            JournalFailure failure =
                    assertThrows(JournalFailure.class, () -> Replay.verify(journal));
            assertTrue(failure.toString().contains(said), failure::toString);
            assertTrue(failure.toString().contains(file.toString()), failure::toString);
        }
    }

    private Path log() throws Exception {
        Path file = folder.resolve("log.db");
        SourceName source = new SourceName("cluster");
        try (Journal journal = SqliteJournal.open(file)) {
            List<NewEvent> events = new ArrayList<>();
            events.add(
                    event(new SourceEvent.SourceRegistered(source, "file:///x", "main", "", true)));
            while (events.size() < EVENTS) {
                events.add(
                        event(
                                new SourceEvent.SourceFailed(
                                        source, "Unreachable", "attempt " + events.size())));
            }
            journal.append(events, AppendCondition.none()).get(60, TimeUnit.SECONDS);
        }
        return file;
    }

    private static NewEvent event(SourceEvent event) {
        EventCodec codec = EventCodec.STANDARD;
        return new NewEvent(
                "id",
                codec.type(event),
                1,
                Instant.EPOCH,
                Origin.request("system:test", "test"),
                Tags.of(event),
                codec.encode(event));
    }

    private static void sql(Path file, String statement) throws SQLException, IOException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement one = connection.createStatement()) {
            assertEquals(1, one.executeUpdate(statement));
        }
    }
}
