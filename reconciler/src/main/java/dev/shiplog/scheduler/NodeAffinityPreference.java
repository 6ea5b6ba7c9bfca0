package dev.shiplog.scheduler;

/** The more of a pod's preferred node affinity holds, by weight, the better. */
final class NodeAffinityPreference implements Preference {
    @Override
    public boolean concerns(PodDemand pod, Neighbourhood around, Census census) {
        return !pod.preferredNodes().isEmpty();
    }

    @Override
    public double of(PodDemand pod, NodeLoad node, Neighbourhood around) {
        double sum = 0;
        for (PodDemand.PreferredNodes preferred : pod.preferredNodes()) {
            if (preferred
                    .terms()
                    .hold(node.facts().name().value(), node.facts().labels())) {
                sum += preferred.weight();
            }
        }
        return sum;
    }

    @Override
    public double score(double measure, double least, double most) {
        return most == 0 ? 0 : 100 * measure / most;
    }
}
