package dev.shiplog.scheduler;

/** The fewer pods of the same owner are there, the better. */
final class SpreadingScore implements Score {
    @Override
    public double of(PodDemand pod, NodeLoad node, Surroundings surroundings) {
        int most = surroundings.mostOfOwner();
        if (most == 0 || pod.owner().isEmpty()) {
            return 100;
        }
        return 100.0 * (most - node.podsOf(pod.owner().get())) / most;
    }
}
