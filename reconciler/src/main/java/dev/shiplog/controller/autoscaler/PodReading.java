package dev.shiplog.controller.autoscaler;

import dev.shiplog.resource.Resource;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A pod of the target and what it was measured to use.
 *
 * @param used by container; empty if it could not be measured
 */
public record PodReading(Resource pod, Optional<SortedMap<String, Usage>> used) {
    public PodReading {
        used = used.map(map -> Collections.unmodifiableSortedMap(new TreeMap<>(map)));
    }

    /**
     * @param cpuMillis thousandths of a core
     * @param memoryBytes bytes
     */
    public record Usage(long cpuMillis, long memoryBytes) {}
}
