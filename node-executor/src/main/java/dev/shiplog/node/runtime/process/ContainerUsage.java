package dev.shiplog.node.runtime.process;

import dev.shiplog.node.runtime.Footprint;
import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.node.runtime.RuntimeFailure.Kind;
import dev.shiplog.node.runtime.Usage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Reads what containers use from their control groups, of either version or of both side by side.
 * Processor time is counted, not measured: its rate is the difference to the last time somebody
 * asked, or to a moment ago.
 */
final class ContainerUsage {
    /** A rate over less says little. */
    static final Duration SHORTEST_WINDOW = Duration.ofMillis(500);

    /** A rate over more is not "now". */
    static final Duration LONGEST_WINDOW = Duration.ofMinutes(1);

    private static final long NANOS_PER_MICRO = 1_000;
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final Containers containers;
    private final ContainerState state;
    private final Map<String, Sample> last = new ConcurrentHashMap<>();

    ContainerUsage(Containers containers, ContainerState state) {
        this.containers = containers;
        this.state = state;
    }

    /**
     * @param at as {@link System#nanoTime}
     */
    private record Sample(long cpuNanos, long memoryBytes, long at) {}

    Optional<Usage> of(String containerId) throws RuntimeFailure, InterruptedException {
        try {
            last.keySet().removeIf(id -> containers.withId(id).isEmpty());
            Optional<ContainerRecord> record = containers.withId(containerId);
            if (record.isEmpty() || !state.read(record.get()).running()) {
                last.remove(containerId);
                return Optional.empty();
            }
            Optional<Sample> now = sample(record.get());
            Optional<Sample> before = Optional.ofNullable(last.get(containerId));
            if (now.isPresent() && before.filter(b -> fits(b, now.get())).isEmpty()) {
                Thread.sleep(SHORTEST_WINDOW);
                Optional<Sample> later = sample(record.get());
                later.ifPresent(sample -> last.put(containerId, sample));
                return later.map(sample -> usage(now.get(), sample));
            }
            now.ifPresent(sample -> last.put(containerId, sample));
            return now.map(sample -> usage(before.orElseThrow(), sample));
        } catch (NoSuchFileException ended) {
            return Optional.empty();
        } catch (IOException unreadable) {
            throw new RuntimeFailure(
                    Kind.OTHER,
                    "could not read what container " + containerId + " uses: " + unreadable,
                    unreadable);
        }
    }

    /** What it takes now; empty if it does not run, or no controller counts memory. */
    Optional<Footprint> footprint(String containerId, Layout layout) throws RuntimeFailure {
        try {
            Optional<ContainerRecord> record = containers.withId(containerId);
            if (record.isEmpty() || !state.read(record.get()).running()) {
                return Optional.empty();
            }
            OptionalLong memory = OptionalLong.empty();
            long processes = 0;
            for (String directory : record.get().cgroups()) {
                Path group = Path.of(directory);
                if (memory.isEmpty()) {
                    memory = memoryBytes(group);
                }
                processes = Math.max(processes, processes(group));
            }
            if (memory.isEmpty()) {
                return Optional.empty();
            }
            long disk =
                    DiskSize.of(layout.container(containerId).resolve("upper"))
                            + DiskSize.of(layout.log(containerId));
            return Optional.of(new Footprint(memory.getAsLong(), disk, processes));
        } catch (NoSuchFileException ended) {
            return Optional.empty();
        } catch (IOException unreadable) {
            throw new RuntimeFailure(
                    Kind.OTHER,
                    "could not read what container " + containerId + " takes: " + unreadable,
                    unreadable);
        }
    }

    private static long processes(Path group) throws IOException {
        Path counted = group.resolve("pids.current");
        return Files.exists(counted)
                ? Long.parseLong(Files.readString(counted).strip())
                : Files.readAllLines(group.resolve("cgroup.procs")).size();
    }

    private static boolean fits(Sample before, Sample now) {
        long nanos = now.at - before.at;
        return nanos >= SHORTEST_WINDOW.toNanos() && nanos <= LONGEST_WINDOW.toNanos();
    }

    private static Usage usage(Sample before, Sample now) {
        long window = Math.max(1, now.at - before.at);
        double used = Math.max(0, now.cpuNanos - before.cpuNanos);
        return new Usage(
                Math.round(used * NANOS_PER_SECOND / window),
                now.memoryBytes,
                Duration.ofNanos(window));
    }

    /** Empty where no controller counts. */
    private static Optional<Sample> sample(ContainerRecord record) throws IOException {
        OptionalLong cpu = OptionalLong.empty();
        OptionalLong memory = OptionalLong.empty();
        for (String directory : record.cgroups()) {
            Path group = Path.of(directory);
            if (cpu.isEmpty()) {
                cpu = cpuNanos(group);
            }
            if (memory.isEmpty()) {
                memory = memoryBytes(group);
            }
        }
        return cpu.isPresent() && memory.isPresent()
                ? Optional.of(new Sample(cpu.getAsLong(), memory.getAsLong(), System.nanoTime()))
                : Optional.empty();
    }

    private static OptionalLong cpuNanos(Path group) throws IOException {
        Path first = group.resolve("cpuacct.usage");
        if (Files.exists(first)) {
            return OptionalLong.of(Long.parseLong(Files.readString(first).strip()));
        }
        OptionalLong micros = field(group.resolve("cpu.stat"), "usage_usec");
        return micros.isPresent() ? OptionalLong.of(micros.getAsLong() * NANOS_PER_MICRO) : micros;
    }

    private static OptionalLong memoryBytes(Path group) throws IOException {
        for (List<String> names :
                List.of(
                        List.of("memory.usage_in_bytes", "total_inactive_file"),
                        List.of("memory.current", "inactive_file"))) {
            Path file = group.resolve(names.getFirst());
            if (Files.exists(file)) {
                long used = Long.parseLong(Files.readString(file).strip());
                long inactive = field(group.resolve("memory.stat"), names.getLast()).orElse(0);
                return OptionalLong.of(Math.max(0, used - inactive));
            }
        }
        return OptionalLong.empty();
    }

    /** From lines of a name, a blank and a number. */
    private static OptionalLong field(Path file, String name) throws IOException {
        if (!Files.exists(file)) {
            return OptionalLong.empty();
        }
        for (String line : Files.readAllLines(file)) {
            if (line.startsWith(name + " ")) {
                return OptionalLong.of(Long.parseLong(line.substring(name.length() + 1).strip()));
            }
        }
        return OptionalLong.empty();
    }
}
