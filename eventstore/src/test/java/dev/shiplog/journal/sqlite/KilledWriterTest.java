package dev.shiplog.journal.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.journal.HashChain;
import dev.shiplog.journal.Journal;
import dev.shiplog.journal.StoredEvent;
import dev.shiplog.resource.Position;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Killed at any moment, the log holds everything that was acknowledged. */
class KilledWriterTest {
    private static final int ROUNDS = 4;
    private static final int MAX_LINES_BEFORE_KILL = 3_000;

    @TempDir Path folder;

    @Test
    void whatWasAcknowledgedSurvivesKilling() throws Exception {
        Path file = folder.resolve("log.db");
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Map<Long, String> acknowledged = new TreeMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            runAndKill(file, 1 + random.nextInt(MAX_LINES_BEFORE_KILL), acknowledged);
            check(file, acknowledged, "round " + round + ", seed " + seed);
        }
        assertTrue(acknowledged.size() >= ROUNDS, () -> "seed " + seed);
    }

    /** Kills the child after so many lines, and keeps what it had said by then. */
    private static void runAndKill(Path file, int lines, Map<Long, String> acknowledged)
            throws IOException, InterruptedException {
        Process child =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                AppendingChild.class.getName(),
                                file.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try (BufferedReader out =
                new BufferedReader(
                        new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            String line = out.readLine();
            for (int read = 1; line != null; read++) {
                String[] parts = line.split(" ", 2);
                // A line cut short by the kill is no acknowledgement.
                if (parts.length == 2 && parts[1].length() == 36) {
                    acknowledged.put(Long.parseLong(parts[0]), parts[1]);
                }
                if (read == lines) {
                    // By its handle: the process object would close the pipe and lose lines.
                    assertTrue(child.toHandle().destroyForcibly());
                }
                line = out.readLine();
            }
        } finally {
            child.destroyForcibly();
            assertTrue(child.waitFor(30, TimeUnit.SECONDS));
        }
    }

    /** The log is whole, and holds what was acknowledged. */
    static void check(Path file, Map<Long, String> acknowledged, String where) {
        try (Journal journal = SqliteJournal.open(file)) {
            List<StoredEvent> events = new ArrayList<>();
            Position last = Position.ORIGIN;
            while (last.value() < journal.head().value()) {
                events.addAll(journal.read(last, 10_000));
                last = events.getLast().position();
            }
            byte[] previous = HashChain.origin();
            for (int i = 0; i < events.size(); i++) {
                assertEquals(i + 1L, events.get(i).position().value(), where);
                HashChain.check(previous, events.get(i), where);
                previous = events.get(i).hash();
            }
            acknowledged.forEach((position, id) -> {
                assertTrue(position <= events.size(), () -> where + ": lost " + position);
                assertEquals(id, events.get(Math.toIntExact(position - 1)).event().id(), where);
            });
        }
    }
}
