package dev.shiplog.scheduler;

/**
 * The fewer pods a place has that a pod's soft spread constraints are about, the better; a place of
 * which there are many counts more, as in Kubernetes.
 */
final class SpreadPreference implements Preference {
    @Override
    public boolean concerns(PodDemand pod, Neighbourhood around, Census census) {
        return around.spreads().stream().anyMatch(spread -> !spread.constraint().hard());
    }

    @Override
    public double of(PodDemand pod, NodeLoad node, Neighbourhood around) {
        double sum = 0;
        for (Neighbourhood.Spread spread : around.spreads()) {
            if (!spread.constraint().hard()) {
                boolean placed =
                        node.facts().labels().containsKey(spread.constraint().topologyKey());
                // A node that is nowhere is as bad as the fullest place, and one more.
                int count =
                        placed
                                ? spread.places().on(node)
                                : 1
                                        + spread.places().counts().values().stream()
                                                .mapToInt(Integer::intValue)
                                                .max()
                                                .orElse(0);
                sum +=
                        count * Math.log(spread.domains() + 2.0)
                                + (spread.constraint().maxSkew() - 1);
            }
        }
        return sum;
    }

    @Override
    public double score(double measure, double least, double most) {
        return most == 0 ? 100 : 100 * (most + least - measure) / most;
    }
}
