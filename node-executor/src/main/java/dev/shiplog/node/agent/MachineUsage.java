package dev.shiplog.node.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a whole machine uses, pods and all else, as the kubelet tells of its node. Thread-safe.
 *
 * @see <a href="https://man7.org/linux/man-pages/man5/proc_stat.5.html">proc_stat(5)</a> and <a
 *     href="https://man7.org/linux/man-pages/man5/proc_meminfo.5.html">proc_meminfo(5)</a>
 */
public final class MachineUsage {
    private static final Duration SHORTEST_WINDOW = Duration.ofSeconds(1);
    private static final Duration LONGEST_WINDOW = Duration.ofMinutes(1);

    /** Of Linux: the unit of processor times in /proc, a hundredth of a second. */
    private static final long NANOS_PER_TICK = 10_000_000;

    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final long BYTES_PER_KIBIBYTE = 1024;

    /** user, nice, system, (idle, iowait), irq, softirq, steal; guest time is in user time. */
    private static final Pattern CPU =
            Pattern.compile("(?m)^cpu +(\\d+) (\\d+) (\\d+) \\d+ \\d+ (\\d+) (\\d+)(?: (\\d+))?");

    private final Path proc;
    private final LongSupplier nanoTime;
    private Optional<Sample> last = Optional.empty();

    /**
     * @param cpuNanoCores the processor time used per second, averaged over {@code window}, in
     *     billionths of a core
     * @param memoryBytes the working set: what is used, without the files that were not read lately
     */
    public record Use(long cpuNanoCores, long memoryBytes, Duration window) {}

    private record Sample(long cpuNanos, long memoryBytes, long at) {}

    public MachineUsage() {
        this(Path.of("/proc"), System::nanoTime);
    }

    MachineUsage(Path proc, LongSupplier nanoTime) {
        this.proc = proc;
        this.nanoTime = nanoTime;
    }

    /** Since the last time that somebody asked, or for a second; empty where it is not told. */
    public synchronized Optional<Use> now() throws InterruptedException {
        Optional<Sample> before = last;
        Optional<Sample> now = sample();
        if (now.isPresent() && before.filter(sample -> fits(sample, now.get())).isEmpty()) {
            Thread.sleep(SHORTEST_WINDOW);
            before = now;
            last = sample();
        } else {
            last = now;
        }
        return before.flatMap(from -> last.map(to -> between(from, to)));
    }

    private static boolean fits(Sample before, Sample now) {
        long nanos = now.at() - before.at();
        return nanos >= SHORTEST_WINDOW.toNanos() && nanos <= LONGEST_WINDOW.toNanos();
    }

    private static Use between(Sample from, Sample to) {
        long window = Math.max(1, to.at() - from.at());
        double used = Math.max(0, to.cpuNanos() - from.cpuNanos());
        return new Use(
                Math.round(used * NANOS_PER_SECOND / window),
                to.memoryBytes(),
                Duration.ofNanos(window));
    }

    private Optional<Sample> sample() {
        try {
            Matcher cpu = CPU.matcher(Files.readString(proc.resolve("stat")));
            String memory = Files.readString(proc.resolve("meminfo"));
            OptionalLong total = kibibytes(memory, "MemTotal");
            OptionalLong free = kibibytes(memory, "MemFree");
            OptionalLong inactive = kibibytes(memory, "Inactive\\(file\\)");
            if (!cpu.find() || total.isEmpty() || free.isEmpty() || inactive.isEmpty()) {
                return Optional.empty();
            }
            long ticks = 0;
            for (int i = 1; i <= cpu.groupCount(); i++) {
                ticks += Optional.ofNullable(cpu.group(i)).map(Long::parseLong).orElse(0L);
            }
            long used = total.getAsLong() - free.getAsLong() - inactive.getAsLong();
            return Optional.of(
                    new Sample(
                            ticks * NANOS_PER_TICK,
                            used * BYTES_PER_KIBIBYTE,
                            nanoTime.getAsLong()));
        } catch (IOException notLinux) {
            return Optional.empty();
        }
    }

    private static OptionalLong kibibytes(String memory, String name) {
        Matcher found = Pattern.compile("(?m)^" + name + ": +(\\d+) kB").matcher(memory);
        return found.find()
                ? OptionalLong.of(Long.parseLong(found.group(1)))
                : OptionalLong.empty();
    }
}
