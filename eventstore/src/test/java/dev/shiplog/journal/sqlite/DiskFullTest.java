package dev.shiplog.journal.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.shiplog.journal.AppendCondition;
import dev.shiplog.journal.HashChain;
import dev.shiplog.journal.Journal;
import dev.shiplog.journal.JournalContract;
import dev.shiplog.journal.JournalFailure;
import dev.shiplog.journal.NewEvent;
import dev.shiplog.journal.Snapshot;
import dev.shiplog.journal.StoredEvent;
import dev.shiplog.resource.Position;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** A real file system that runs full. Needs to mount one, so it needs root. */
class DiskFullTest {
    private static final int MAX_APPENDS = 20_000;

    @TempDir Path folder;
    private boolean mounted;

    @BeforeEach
    void mount() throws Exception {
        mounted =
                run("mount", "-t", "tmpfs", "-o", "size=1m", "shiplog-test", folder.toString())
                        == 0;
        assumeTrue(mounted, "mounting a small file system needs root and the right to mount");
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted) {
            assertEquals(0, run("umount", folder.toString()));
        }
    }

    @Test
    void stopsAndLosesNothingItAcknowledged() throws Exception {
        Path file = folder.resolve("log.db");
        long acknowledged = 0;
        try (Journal journal = SqliteJournal.open(file)) {
            CompletableFuture<JournalFailure> stop = new CompletableFuture<>();
            journal.whenStopped(stop::complete);
            List<CompletableFuture<List<StoredEvent>>> all = new ArrayList<>();
            for (int i = 0; i < MAX_APPENDS && !failed(all); i++) {
                all.add(journal.append(List.of(event(i)), AppendCondition.none()));
            }
            boolean stopped = false;
            for (CompletableFuture<List<StoredEvent>> one : all) {
                try {
                    List<StoredEvent> stored = one.get(30, TimeUnit.SECONDS);
                    assertTrue(!stopped, "an append was acknowledged after one had failed");
                    acknowledged = stored.getLast().position().value();
                } catch (ExecutionException e) {
                    stopped = true;
                    assertStopped(e, file, acknowledged);
                }
            }
            JournalFailure told = stop.get(10, TimeUnit.SECONDS);
            assertTrue(told.toString().contains(file.toString()), told.toString());
            assertTrue(stopped, "expected the disk to run full, found " + all.size() + " appends");
            assertEquals(acknowledged, journal.head().value());

            // Room alone does not bring it back: only a new start does.
            Files.delete(folder.resolve("ballast"));
            ExecutionException later =
                    assertThrows(
                            ExecutionException.class,
                            () ->
                                    journal.append(List.of(event(0)), AppendCondition.none())
                                            .get(30, TimeUnit.SECONDS));
            assertInstanceOf(JournalFailure.class, later.getCause());
            Snapshot snapshot =
                    new Snapshot("cluster", 1, new Position(1), new byte[32], new byte[1]);
            assertThrows(JournalFailure.class, () -> journal.save(snapshot));
            assertEquals(acknowledged, journal.read(Position.ORIGIN, MAX_APPENDS).size());
        }
        try (Journal journal = SqliteJournal.open(file)) {
            assertTrue(journal.head().value() >= acknowledged);
            byte[] previous = HashChain.origin();
            for (StoredEvent event : journal.read(Position.ORIGIN, MAX_APPENDS)) {
                HashChain.check(previous, event, journal.location());
                previous = event.hash();
            }
            assertEquals(
                    journal.head().next(),
                    journal.append(List.of(event(0)), AppendCondition.none())
                            .get(30, TimeUnit.SECONDS)
                            .getFirst()
                            .position());
        }
    }

    private NewEvent event(int number) throws IOException {
        if (number == 50) {
            // Takes the room that is freed later.
            Files.write(folder.resolve("ballast"), new byte[300 << 10]);
        }
        return JournalContract.event("e" + number, "a", "b" + number);
    }

    private static boolean failed(List<CompletableFuture<List<StoredEvent>>> all) {
        return !all.isEmpty() && all.getLast().isCompletedExceptionally();
    }

    private static void assertStopped(ExecutionException e, Path file, long acknowledged) {
        JournalFailure failure = assertInstanceOf(JournalFailure.class, e.getCause());
        assertTrue(failure.toString().contains(file.toString()), failure::toString);
        assertTrue(
                failure.toString().contains("position " + (acknowledged + 1)), failure::toString);
        assertTrue(failure.toString().contains("Make room"), failure::toString);
    }

    private static int run(String... command) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        assertTrue(process.waitFor(30, TimeUnit.SECONDS));
        return process.exitValue();
    }
}
