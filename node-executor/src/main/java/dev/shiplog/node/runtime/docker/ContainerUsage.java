package dev.shiplog.node.runtime.docker;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.CpuStatsConfig;
import com.github.dockerjava.api.model.MemoryStatsConfig;
import com.github.dockerjava.api.model.PidsStatsConfig;
import com.github.dockerjava.api.model.Statistics;
import com.github.dockerjava.api.model.StatsConfig;

import dev.shiplog.node.runtime.Footprint;
import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.node.runtime.Usage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Asks the Engine what containers use. It measures over about a second, and so long this takes. */
record ContainerUsage(Engine engine, Containers containers) {
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    Optional<Usage> of(String containerId) throws RuntimeFailure, InterruptedException {
        return statistics(containerId).flatMap(ContainerUsage::usage);
    }

    /** What it takes now, its own files and its log included. */
    Optional<Footprint> footprint(String containerId) throws RuntimeFailure, InterruptedException {
        Optional<Statistics> statistics = statistics(containerId);
        if (statistics.isEmpty() || statistics.get().getMemoryStats() == null) {
            return Optional.empty();
        }
        MemoryStatsConfig memory = statistics.get().getMemoryStats();
        long processes =
                Optional.ofNullable(statistics.get().getPidsStats())
                        .map(PidsStatsConfig::getCurrent)
                        .orElse(0L);
        return memory.getUsage() == null
                ? Optional.empty()
                : Optional.of(new Footprint(workingSet(memory), diskBytes(containerId), processes));
    }

    private long diskBytes(String containerId) throws RuntimeFailure {
        String doing = "measuring the files of container " + containerId;
        try {
            InspectContainerResponse seen =
                    engine.ask(
                            doing,
                            () ->
                                    engine.client()
                                            .inspectContainerCmd(containerId)
                                            .withSize(true)
                                            .exec());
            long written = Optional.ofNullable(seen.getSizeRw()).map(Number::longValue).orElse(0L);
            String log = Optional.ofNullable(seen.getLogPath()).orElse("");
            return written + (log.isEmpty() ? 0 : logBytes(Path.of(log)));
        } catch (NotFoundException gone) {
            return 0;
        } catch (DockerException refused) {
            throw Failures.of(doing, refused);
        }
    }

    /** 0 where the Engine's files are not this machine's. */
    private static long logBytes(Path log) {
        try {
            return Files.size(log);
        } catch (IOException notHere) {
            return 0;
        }
    }

    private Optional<Statistics> statistics(String containerId)
            throws RuntimeFailure, InterruptedException {
        String doing = "measuring container " + containerId;
        if (containers.inspect(containerId).filter(Observation::running).isEmpty()) {
            return Optional.empty();
        }
        Answer answer = new Answer();
        try (answer) {
            engine.client().statsCmd(containerId).withNoStream(true).exec(answer);
            answer.awaitCompletion(Engine.CALL_LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (NotFoundException gone) {
            return Optional.empty();
        } catch (DockerException refused) {
            throw Failures.of(doing, refused);
        } catch (IOException | RuntimeException lost) {
            throw engine.failure(doing, lost);
        }
        return answer.told;
    }

    private static final class Answer extends ResultCallback.Adapter<Statistics> {
        private volatile Optional<Statistics> told = Optional.empty();

        @Override
        public void onNext(Statistics statistics) {
            told = Optional.of(statistics);
        }
    }

    /** Empty for what the Engine says of a container that does not run. */
    static Optional<Usage> usage(Statistics statistics) {
        Optional<Long> now = total(statistics.getCpuStats());
        Optional<Long> before = total(statistics.getPreCpuStats());
        Optional<Duration> window = window(statistics);
        MemoryStatsConfig memory = statistics.getMemoryStats();
        if (now.isEmpty()
                || before.isEmpty()
                || window.isEmpty()
                || memory == null
                || memory.getUsage() == null) {
            return Optional.empty();
        }
        long used = Math.max(0, now.get() - before.get());
        long perSecond = Math.round((double) used * NANOS_PER_SECOND / window.get().toNanos());
        return Optional.of(new Usage(perSecond, workingSet(memory), window.get()));
    }

    private static Optional<Long> total(CpuStatsConfig cpu) {
        return Optional.ofNullable(cpu)
                .map(CpuStatsConfig::getCpuUsage)
                .map(usage -> usage.getTotalUsage());
    }

    private static Optional<Duration> window(Statistics statistics) {
        if (statistics.getPreread() == null || statistics.getRead() == null) {
            return Optional.empty();
        }
        try {
            Duration between =
                    Duration.between(
                            Instant.parse(statistics.getPreread()),
                            Instant.parse(statistics.getRead()));
            // Before the first sample there is no time: the year 1.
            return between.isPositive() && between.toHours() < 1
                    ? Optional.of(between)
                    : Optional.empty();
        } catch (DateTimeParseException none) {
            return Optional.empty();
        }
    }

    /** Version 1 of cgroups counts a tree's under {@code total_}, version 2 always. */
    private static long workingSet(MemoryStatsConfig memory) {
        StatsConfig details = memory.getStats();
        Long inactive =
                details == null
                        ? Long.valueOf(0)
                        : Optional.ofNullable(details.getTotalInactiveFile())
                                .or(() -> Optional.ofNullable(details.getInactiveFile()))
                                .orElse(0L);
        return Math.max(0, memory.getUsage() - inactive);
    }
}
