package dev.shiplog.scheduler;

import dev.shiplog.placement.Amounts;

/** The more would be left of CPU and memory, the better. */
final class LeastAllocatedScore implements Score {
    @Override
    public double of(PodDemand pod, NodeLoad node, Surroundings surroundings) {
        Amounts allocatable = node.facts().allocatable();
        return (left(allocatable.get(Amounts.CPU), node.scoredCpu() + pod.scoredCpu())
                        + left(
                                allocatable.get(Amounts.MEMORY),
                                node.scoredMemory() + pod.scoredMemory()))
                / 2;
    }

    private static double left(long allocatable, long used) {
        return allocatable <= used ? 0 : 100.0 * (allocatable - used) / allocatable;
    }
}
