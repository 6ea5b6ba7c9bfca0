package dev.shiplog.scheduler;

import dev.shiplog.placement.Amounts;

/** The more alike the shares of CPU and memory that would be used, the better. */
final class BalancedAllocationScore implements Score {
    @Override
    public double of(PodDemand pod, NodeLoad node, Surroundings surroundings) {
        Amounts allocatable = node.facts().allocatable();
        double cpu = used(allocatable.get(Amounts.CPU), node.scoredCpu() + pod.scoredCpu());
        double memory =
                used(allocatable.get(Amounts.MEMORY), node.scoredMemory() + pod.scoredMemory());
        // The standard deviation of two shares is half their distance.
        return 100 * (1 - Math.abs(cpu - memory) / 2);
    }

    private static double used(long allocatable, long used) {
        return allocatable <= used ? 1 : (double) used / allocatable;
    }
}
