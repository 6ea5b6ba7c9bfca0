package dev.shiplog.node.agent;

import dev.shiplog.node.linux.FileCounts;
import dev.shiplog.node.plan.Eviction.Scarce;
import dev.shiplog.node.plan.Eviction.Shortage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the machine is: what a node's conditions say.
 *
 * @param memory whether memory is about to run out
 * @param disk whether the file system of this folder is about to
 * @param pids whether process ids are about to
 * @param runtime what the runtime's trouble is; empty if it answers
 */
record Health(Pressure memory, Pressure disk, Pressure pids, Optional<String> runtime) {
    static final Health GOOD =
            new Health(Pressure.NONE, Pressure.NONE, Pressure.NONE, Optional.empty());

    /** Less than this is pressure: the kubelet's default. */
    static final long LEAST_MEMORY_BYTES = 100L << 20;

    /**
     * Less than this part is pressure: the kubelet's default where images lie beside everything
     * else, as they do here.
     */
    static final double LEAST_DISK_PART = 0.15;

    /**
     * But so much is enough on the largest disk. The kubelet has no such limit, and kind and
     * minikube switch its own off for that reason.
     */
    static final long ENOUGH_DISK_BYTES = 20L << 30;

    /** Less than this part of all files that there can be is pressure: the kubelet's default. */
    static final double LEAST_FILES_PART = 0.05;

    /**
     * Less than these is pressure: a pod that starts may need as many. The kubelet has no default
     * for {@code pid.available}.
     */
    static final long LEAST_PIDS = 100;

    /** Pressure is over when it was not there for so long: the kubelet's default. */
    static final Duration TRANSITION = Duration.ofMinutes(5);

    /**
     * One thing that may run out.
     *
     * @param on whether it is said to
     * @param last when it last was measured to
     */
    record Pressure(boolean on, Instant last) {
        static final Pressure NONE = new Pressure(false, Instant.EPOCH);

        /** It stays said for a while, on its own account and not on another's. */
        Pressure next(boolean measured, Instant now) {
            if (measured) {
                return new Pressure(true, now);
            }
            return new Pressure(on && last.plus(TRANSITION).isAfter(now), last);
        }
    }

    /**
     * What there is left.
     *
     * @param files that the file system has place for; both numbers 0 if only space counts
     * @param pids how many processes and threads can still begin
     */
    record Left(
            long memoryBytes, long diskBytes, long diskTotalBytes, FileCounts files, long pids) {
        private static final FileCounts UNBOUND = new FileCounts(0, 0);

        /** What there is too little of, the most pressing first. */
        List<Shortage> shortages() {
            List<Shortage> found = new ArrayList<>();
            long disk = (long) Math.min(diskTotalBytes * LEAST_DISK_PART, ENOUGH_DISK_BYTES);
            add(found, Scarce.MEMORY, LEAST_MEMORY_BYTES, memoryBytes);
            add(found, Scarce.DISK, disk, diskBytes);
            add(found, Scarce.FILES, (long) (files.total() * LEAST_FILES_PART), files.free());
            add(found, Scarce.PROCESSES, LEAST_PIDS, pids);
            return found;
        }

        private static void add(List<Shortage> to, Scarce what, long least, long left) {
            if (left < least) {
                to.add(new Shortage(what, least, left));
            }
        }

        private boolean lacks(Scarce what) {
            return shortages().stream().anyMatch(shortage -> shortage.what() == what);
        }

        /**
         * What cannot be measured is taken to be good.
         *
         * @param state on the file system that matters, wherever the program was started
         */
        static Left measured(Path state) {
            long disk = Long.MAX_VALUE;
            long total = Long.MAX_VALUE;
            FileCounts files = UNBOUND;
            try {
                FileStore store = Files.getFileStore(state);
                disk = store.getUsableSpace();
                total = store.getTotalSpace();
                if (Files.isDirectory(Path.of("/proc/self"))) {
                    files = FileCounts.of(state);
                }
            } catch (IOException _) {
                // Taken to be good.
            }
            return new Left(memory(read("/proc/meminfo")), disk, total, files, pidsLeft());
        }

        static long memory(String meminfo) {
            Matcher available = AVAILABLE.matcher(meminfo);
            return available.find() ? Long.parseLong(available.group(1)) * 1024 : Long.MAX_VALUE;
        }

        private static long pidsLeft() {
            return pids(
                    read("/proc/loadavg"),
                    Math.min(
                            number("/proc/sys/kernel/pid_max"),
                            number("/proc/sys/kernel/threads-max")));
        }

        /**
         * @param most how many ids there can be; {@link Long#MAX_VALUE} if that is not known
         */
        static long pids(String loadavg, long most) {
            Matcher processes = PROCESSES.matcher(loadavg);
            return processes.find() && most != Long.MAX_VALUE
                    ? most - Long.parseLong(processes.group(1))
                    : Long.MAX_VALUE;
        }
    }

    private static final int READ_BYTES = 4096;

    private static final Pattern AVAILABLE = Pattern.compile("MemAvailable:\\s+(\\d+) kB");
    private static final Pattern PROCESSES = Pattern.compile("\\b\\d+/(\\d+)\\b");

    /** How it is, given how it was. */
    Health next(Left left, Optional<String> trouble, Instant now) {
        return new Health(
                memory.next(left.lacks(Scarce.MEMORY), now),
                disk.next(left.lacks(Scarce.DISK) || left.lacks(Scarce.FILES), now),
                pids.next(left.lacks(Scarce.PROCESSES), now),
                trouble);
    }

    /** Whether the same is to be said of it. */
    boolean sameAs(Health other) {
        return memory.on() == other.memory.on()
                && disk.on() == other.disk.on()
                && pids.on() == other.pids.on()
                && runtime.equals(other.runtime);
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
