package dev.shiplog.node.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

class MachineUsageTest {
    private static final String MEMORY =
            """
            MemTotal:       10000 kB
            MemFree:         3000 kB
            Inactive:        2500 kB
            Inactive(anon):  1500 kB
            Inactive(file):  1000 kB
            """;

    @TempDir Path proc;

    @Test
    void isTheProcessorTimeBetweenTwoQuestionsAndTheWorkingSet() throws Exception {
        AtomicLong nanos = new AtomicLong();
        MachineUsage usage = new MachineUsage(proc, nanos::get);
        Files.writeString(proc.resolve("meminfo"), MEMORY);
        stat(100, 50);
        // Nothing to compare with: it looks twice, and the clock of this test stands still.
        assertEquals(6_000L * 1024, usage.now().orElseThrow().memoryBytes());

        // Ten seconds later: five of user time, five of steal; idle and guest time do not count.
        nanos.addAndGet(Duration.ofSeconds(10).toNanos());
        stat(600, 550);
        assertEquals(
                Optional.of(
                        new MachineUsage.Use(1_000_000_000, 6_000L * 1024, Duration.ofSeconds(10))),
                usage.now());
    }

    @Test
    void isNotToldElsewhere() throws Exception {
        assertEquals(Optional.empty(), new MachineUsage(proc, System::nanoTime).now());
    }

    private void stat(int user, int steal) throws Exception {
        Files.writeString(
                proc.resolve("stat"),
                "cpu  "
                        + user
                        + " 0 0 99999 888 0 0 "
                        + steal
                        + " 777 0\ncpu0 1 1 1 1 1 1 1 1 1 1\n");
    }
}
