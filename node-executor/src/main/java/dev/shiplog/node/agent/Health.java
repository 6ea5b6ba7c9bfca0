package dev.shiplog.node.agent;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the machine is: what a node's conditions say.
 *
 * @param memory whether memory is about to run out
 * @param disk whether the file system of this folder is about to
 * @param pids whether process ids are about to
 * @param pressedAt when something was last about to run out
 * @param runtime what the runtime's trouble is; empty if it answers
 */
record Health(
        boolean memory,
        boolean disk,
        boolean pids,
        Instant pressedAt,
        Optional<String> runtime) {
    static final Health GOOD =
            new Health(false, false, false, Instant.EPOCH, Optional.empty());

    /** Less than this is pressure: the kubelet's default. */
    private static final long LEAST_MEMORY_BYTES = 100L << 20;

    /** Less than both is pressure: a large disk that is nearly full still has room. */
    private static final long LEAST_DISK_BYTES = 2L << 30;

    private static final double LEAST_DISK_PART = 0.05;

    private static final long LEAST_PIDS = 500;

    /** Pressure is over when it was not there for so long: the kubelet's default. */
    private static final Duration TRANSITION = Duration.ofMinutes(5);

    private static final int READ_BYTES = 4096;

    private static final Pattern AVAILABLE = Pattern.compile("MemAvailable:\\s+(\\d+) kB");
    private static final Pattern PROCESSES = Pattern.compile("\\d+/(\\d+)");

    /** How it is now, given how it was. What cannot be measured is taken to be good. */
    static Health now(Health before, Optional<String> runtime, Instant now) {
        boolean memory = memoryShort();
        boolean disk = diskShort();
        boolean pids = pidsShort();
        boolean lately = before.pressedAt().plus(TRANSITION).isAfter(now);
        return new Health(
                memory || (before.memory() && lately),
                disk || (before.disk() && lately),
                pids || (before.pids() && lately),
                memory || disk || pids ? now : before.pressedAt(),
                runtime);
    }

    /** Whether the same is to be said of it. */
    boolean sameAs(Health other) {
        return memory == other.memory
                && disk == other.disk
                && pids == other.pids
                && runtime.equals(other.runtime);
    }

    private static boolean memoryShort() {
        Matcher available = AVAILABLE.matcher(read("/proc/meminfo"));
        return available.find()
                && Long.parseLong(available.group(1)) * 1024 < LEAST_MEMORY_BYTES;
    }

    private static boolean diskShort() {
        try {
            FileStore store = Files.getFileStore(Path.of("").toAbsolutePath());
            long usable = store.getUsableSpace();
            return usable < LEAST_DISK_BYTES && usable < store.getTotalSpace() * LEAST_DISK_PART;
        } catch (IOException _) {
            return false;
        }
    }

    private static boolean pidsShort() {
        Matcher processes = PROCESSES.matcher(read("/proc/loadavg"));
        long most =
                Math.min(
                        number("/proc/sys/kernel/pid_max"),
                        number("/proc/sys/kernel/threads-max"));
        return processes.find() && most - Long.parseLong(processes.group(1)) < LEAST_PIDS;
    }

    private static long number(String file) {
        String text = read(file);
        return text.matches("\\d{1,18}") ? Long.parseLong(text) : Long.MAX_VALUE;
    }

    /** In one read: the kernel gives a number of {@code /proc/sys} whole, and only to the first. */
    private static String read(String file) {
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            return new String(in.readNBytes(READ_BYTES), StandardCharsets.US_ASCII).strip();
        } catch (IOException _) {
            return "";
        }
    }
}
