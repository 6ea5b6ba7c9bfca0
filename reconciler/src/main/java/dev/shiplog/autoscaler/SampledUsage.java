package dev.shiplog.autoscaler;

import dev.shiplog.api.PodSessions;
import dev.shiplog.api.metrics.Sampler;
import dev.shiplog.controller.autoscaler.PodReading;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.Uid;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/** What the metrics API measures, for the autoscalers. */
public final class SampledUsage implements UsageReader {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Sampler sampler;

    public SampledUsage(PodSessions sessions, Supplier<Instant> clock) {
        sampler = new Sampler(sessions, clock);
    }

    @Override
    public List<PodReading> read(List<Resource> pods) throws InterruptedException {
        Map<Uid, SortedMap<String, PodReading.Usage>> found = new HashMap<>();
        for (Sampler.Sample sample : sampler.of(pods)) {
            SortedMap<String, PodReading.Usage> used = new TreeMap<>();
            for (PodSessions.Usage usage : sample.usage()) {
                used.put(
                        usage.container(),
                        new PodReading.Usage(
                                usage.cpuNanoCores() / NANOS_PER_MILLI, usage.memoryBytes()));
            }
            found.put(sample.pod().uid(), used);
        }
        List<PodReading> readings = new ArrayList<>();
        for (Resource pod : pods) {
            readings.add(new PodReading(pod, Optional.ofNullable(found.get(pod.uid()))));
        }
        return readings;
    }
}
