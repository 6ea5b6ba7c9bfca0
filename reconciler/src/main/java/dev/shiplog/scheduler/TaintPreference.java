package dev.shiplog.scheduler;

import dev.shiplog.resource.Taint;

/** The fewer taints ask a pod to go elsewhere if it can, the better. */
final class TaintPreference implements Preference {
    @Override
    public boolean concerns(PodDemand pod, Neighbourhood around, Census census) {
        return census.taintsDiscourage();
    }

    @Override
    public double of(PodDemand pod, NodeLoad node, Neighbourhood around) {
        int count = 0;
        for (Taint taint : node.facts().taints()) {
            if (Taints.discourages(taint) && !pod.tolerates(taint)) {
                count++;
            }
        }
        return count;
    }

    @Override
    public double score(double measure, double least, double most) {
        return most == 0 ? 100 : 100 * (most - measure) / most;
    }
}
