package dev.shiplog.node.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.shiplog.node.agent.Health.Left;
import dev.shiplog.node.linux.FileCounts;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** When a node says that something is about to run out. */
class HealthTest {
    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
    private static final long GIB = 1L << 30;
    private static final FileCounts FILES = new FileCounts(1_000_000, 900_000);
    private static final Left ENOUGH = new Left(8 * GIB, 100 * GIB, 500 * GIB, FILES, 30_000);

    private static Health after(Health before, Left left, Instant now) {
        return before.next(left, Optional.empty(), now);
    }

    @Test
    void eachHasALimitOfItsOwn() {
        assertTrue(after(Health.GOOD, ENOUGH, NOW).sameAs(Health.GOOD));
        Left memory = new Left(Health.LEAST_MEMORY_BYTES - 1, 100 * GIB, 500 * GIB, FILES, 30_000);
        assertTrue(after(Health.GOOD, memory, NOW).memory().on());
        Left pids = new Left(8 * GIB, 100 * GIB, 500 * GIB, FILES, Health.LEAST_PIDS - 1);
        assertTrue(after(Health.GOOD, pids, NOW).pids().on());
        assertFalse(after(Health.GOOD, pids, NOW).memory().on());
    }

    @Test
    void aDiskIsShortByTheKubeletsPartsAndALargeOneByWhatIsEnough() {
        assertFalse(disk(16 * GIB, 100 * GIB, FILES));
        assertTrue(disk(14 * GIB, 100 * GIB, FILES));
        assertFalse(disk(21 * GIB, 1000 * GIB, FILES));
        assertTrue(disk(19 * GIB, 1000 * GIB, FILES));
        assertFalse(disk(16 * GIB, 100 * GIB, new FileCounts(1000, 51)));
        assertTrue(disk(16 * GIB, 100 * GIB, new FileCounts(1000, 49)));
        // Some file systems make as many as there is space for.
        assertFalse(disk(16 * GIB, 100 * GIB, new FileCounts(0, 0)));
    }

    private static boolean disk(long free, long total, FileCounts files) {
        return after(Health.GOOD, new Left(8 * GIB, free, total, files, 30_000), NOW).disk().on();
    }

    @Test
    void filesAreCountedAsTheFileSystemDoes() throws Exception {
        assumeTrue(Files.isDirectory(Path.of("/proc/self")), "not Linux");
        Path here = Path.of("").toAbsolutePath();
        Process stat = new ProcessBuilder("stat", "-f", "-c", "%c %d", here.toString()).start();
        String[] said =
                new String(stat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                        .strip()
                        .split(" ", -1);
        FileCounts counts = FileCounts.of(here);
        assertEquals(Long.parseLong(said[0]), counts.total());
        // Others make and remove files meanwhile.
        assertTrue(Math.abs(Long.parseLong(said[1]) - counts.free()) < 100_000, said[1]);
    }

    /** What lasts of one thing must not keep another one said. */
    @Test
    void itStaysSaidForAWhileOnItsOwnAccount() {
        Left both = new Left(8 * GIB, GIB, 1000 * GIB, FILES, 0);
        Left disk = new Left(8 * GIB, GIB, 1000 * GIB, FILES, 30_000);
        Health health = after(Health.GOOD, both, NOW);
        health = after(health, disk, NOW.plus(Duration.ofMinutes(4)));
        assertTrue(health.pids().on());
        health = after(health, disk, NOW.plus(Health.TRANSITION));
        assertFalse(health.pids().on());
        assertTrue(health.disk().on());
    }

    /** Of {@code 35/1146}, the second number counts all processes and threads; see proc(5). */
    @Test
    void whatIsLeftIsReadAsTheKernelWritesIt() {
        assertEquals(31_622, Left.pids("38.81 26.39 15.88 35/1146 13627", 32_768));
        assertEquals(Long.MAX_VALUE, Left.pids("", 32_768));
        assertEquals(Long.MAX_VALUE, Left.pids("0.0 0.0 0.0 1/2 3", Long.MAX_VALUE));
        assertEquals(2048L * 1024, Left.memory("MemTotal:  4096 kB\nMemAvailable:    2048 kB\n"));
        assertEquals(Long.MAX_VALUE, Left.memory(""));
    }
}
