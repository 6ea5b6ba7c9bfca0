package dev.shiplog.journal.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Power cuts and failing disks. A child appends while everything that it does to its files is
 * recorded; then the files are made as a disk may hold them at some moment, and opened.
 */
class PowerCutTest {
    private static final int LINES = 2_500;
    private static final int MOMENTS = 20;
    private static final long FIRST_FAILING_SYNC = 60;

    @TempDir Path folder;

    @Test
    void whatWasAcknowledgedSurvivesAPowerCutAtAnyMoment() throws Exception {
        RecordedDisk disk = record(0, 0);
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<Integer> afterSaying = disk.momentsAfterSaying();
        assertTrue(afterSaying.size() > 100, () -> "said " + afterSaying.size());
        for (int i = 0; i < MOMENTS; i++) {
            int moment =
                    i % 2 == 0
                            ? afterSaying.get(random.nextInt(afterSaying.size()))
                            : random.nextInt(disk.moments());
            for (RecordedDisk.Unsynced unsynced : RecordedDisk.Unsynced.values()) {
                check(disk, moment, unsynced, random, seed);
            }
        }
    }

    @Test
    void nothingIsAcknowledgedOnceASyncHasFailed() throws Exception {
        stopsAtTheFirstFailure(Integer.MAX_VALUE);
    }

    /** Trying again would succeed, and acknowledge what is lost. */
    @Test
    void aSyncThatFailsOnceIsNotTriedAgain() throws Exception {
        stopsAtTheFirstFailure(1);
    }

    private void stopsAtTheFirstFailure(int failures) throws Exception {
        RecordedDisk disk = record(FIRST_FAILING_SYNC, failures);
        assertTrue(disk.failedSyncs() > 0, "expected a sync to fail, found none");
        Random random = new Random(1);
        Map<Long, String> acknowledged = disk.acknowledged(disk.moments());
        assertFalse(acknowledged.isEmpty());
        String said = Files.readString(folder.resolve("errors"));
        long last = acknowledged.keySet().stream().mapToLong(Long::longValue).max().orElseThrow();
        assertTrue(said.contains("The log has stopped"), said);
        assertTrue(said.contains("nothing after position " + last + " was acknowledged"), said);
        assertTrue(said.contains(folder.resolve("recorded").resolve("log.db").toString()), said);
        assertTrue(said.contains("repair the disk, then start again"), said);
        for (RecordedDisk.Unsynced unsynced : RecordedDisk.Unsynced.values()) {
            check(disk, disk.moments(), unsynced, random, 1);
        }
    }

    private void check(
            RecordedDisk disk, int moment, RecordedDisk.Unsynced unsynced, Random random, long seed)
            throws IOException {
        Path restored = Files.createDirectory(folder.resolve("restored"));
        disk.restore(moment, unsynced, random, restored);
        KilledWriterTest.check(
                restored.resolve("log.db"),
                disk.acknowledged(moment),
                "moment " + moment + ", unsynced " + unsynced + ", seed " + seed);
        try (Stream<Path> files = Files.list(restored)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(restored);
    }

    /**
     * Runs a child that appends, until it has said enough or has ended.
     *
     * @param failSync the first sync that fails; 0 for none
     * @param failures how many fail from it on
     */
    private RecordedDisk record(long failSync, int failures) throws Exception {
        Path recorded = Files.createDirectory(folder.resolve("recorded"));
        Path log = recorded.resolve("log.db");
        Path trace = folder.resolve("trace");
        ProcessBuilder builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        AppendingChild.class.getName(),
                        log.toString());
        builder.environment().put("LD_PRELOAD", recorder().toString());
        builder.environment().put("RECORD_FOLDER", recorded.toString());
        builder.environment().put("RECORD_TO", trace.toString());
        builder.environment().put("RECORD_FAIL_SYNC", Long.toString(failSync));
        builder.environment().put("RECORD_FAIL_SYNCS", Integer.toString(failures));
        builder.redirectError(folder.resolve("errors").toFile());
        Process child = builder.start();
        try (BufferedReader out = child.inputReader(StandardCharsets.UTF_8)) {
            int lines = 0;
            while (out.readLine() != null) {
                if (++lines == LINES) {
                    assertTrue(child.toHandle().destroyForcibly());
                }
            }
        } finally {
            child.destroyForcibly();
            assertTrue(child.waitFor(30, TimeUnit.SECONDS));
        }
        return RecordedDisk.read(trace);
    }

    /** Builds the library that records; without a compiler there is no such test. */
    private Path recorder() throws Exception {
        Path source = folder.resolve("record.c");
        Path library = folder.resolve("record.so");
        try (InputStream in = PowerCutTest.class.getResourceAsStream("/power-cut/record.c")) {
            Files.write(source, java.util.Objects.requireNonNull(in).readAllBytes());
        }
        List<String> command = new ArrayList<>(List.of("gcc", "-O1", "-shared", "-fPIC", "-w"));
        command.addAll(List.of("-nostdlib", "-o", library.toString(), source.toString()));
        Process compiler;
        try {
            compiler = new ProcessBuilder(command).inheritIO().start();
        } catch (IOException noCompiler) {
            assumeTrue(false, "no gcc: ops/test installs one");
            throw noCompiler;
        }
        assertTrue(compiler.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, compiler.exitValue());
        return library;
    }
}
