package dev.shiplog.node.runtime;

import java.time.Duration;

/**
 * What one container uses.
 *
 * @param cpuNanoCores the processor time used per second, averaged over {@code window}, in
 *     billionths of a core
 * @param memoryBytes the working set: memory in use, without the file cache that the kernel would
 *     take back first
 */
public record Usage(long cpuNanoCores, long memoryBytes, Duration window) {}
