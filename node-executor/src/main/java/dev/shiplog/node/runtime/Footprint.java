package dev.shiplog.node.runtime;

/**
 * What one container takes of what a machine can run out of.
 *
 * @param memoryBytes the working set, as in {@link Usage}
 * @param diskBytes what it wrote into its own files and its log; 0 where that is not told
 * @param processes processes and, where the kernel counts them, threads; 0 where that is not told
 */
public record Footprint(long memoryBytes, long diskBytes, long processes) {}
