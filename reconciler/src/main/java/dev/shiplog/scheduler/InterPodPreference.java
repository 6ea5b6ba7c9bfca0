package dev.shiplog.scheduler;

import java.util.Map;

/** The more of the pods around are welcome to a pod, and it to them, by weight, the better. */
final class InterPodPreference implements Preference {
    @Override
    public boolean concerns(PodDemand pod, Neighbourhood around, Census census) {
        return !around.preferred().isEmpty()
                || around.residents().filter(others -> !others.isIndifferent()).isPresent();
    }

    @Override
    public double of(PodDemand pod, NodeLoad node, Neighbourhood around) {
        double sum = 0;
        for (Map.Entry<PodAffinity.Weighted, Neighbourhood.Places> one :
                around.preferred().entrySet()) {
            sum += (double) one.getKey().weight() * one.getValue().on(node);
        }
        return sum + around.residents().map(others -> others.welcome(node.facts())).orElse(0L);
    }

    @Override
    public double score(double measure, double least, double most) {
        return most == least ? 0 : 100 * (measure - least) / (most - least);
    }
}
