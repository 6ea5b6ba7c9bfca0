package dev.shiplog.node.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.node.agent.Health.Left;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** When a node says that something is about to run out. */
class HealthTest {
    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
    private static final long GIB = 1L << 30;
    private static final Left ENOUGH = new Left(8 * GIB, 100 * GIB, 500 * GIB, 30_000);

    private static Health after(Health before, Left left, Instant now) {
        return before.next(left, Optional.empty(), now);
    }

    @Test
    void eachHasALimitOfItsOwn() {
        assertTrue(after(Health.GOOD, ENOUGH, NOW).sameAs(Health.GOOD));
        Left memory = new Left(Health.LEAST_MEMORY_BYTES - 1, 100 * GIB, 500 * GIB, 30_000);
        assertTrue(after(Health.GOOD, memory, NOW).memory().on());
        Left pids = new Left(8 * GIB, 100 * GIB, 500 * GIB, Health.LEAST_PIDS - 1);
        assertTrue(after(Health.GOOD, pids, NOW).pids().on());
        assertFalse(after(Health.GOOD, pids, NOW).memory().on());
        Left fullButLarge = new Left(8 * GIB, 10 * GIB, 1000 * GIB, 30_000);
        assertFalse(after(Health.GOOD, fullButLarge, NOW).disk().on());
        Left full = new Left(8 * GIB, GIB, 1000 * GIB, 30_000);
        assertTrue(after(Health.GOOD, full, NOW).disk().on());
    }

    /** What lasts of one thing must not keep another one said. */
    @Test
    void itStaysSaidForAWhileOnItsOwnAccount() {
        Left both = new Left(8 * GIB, GIB, 1000 * GIB, 0);
        Left disk = new Left(8 * GIB, GIB, 1000 * GIB, 30_000);
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
