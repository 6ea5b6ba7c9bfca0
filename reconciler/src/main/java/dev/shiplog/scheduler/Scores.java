package dev.shiplog.scheduler;

import dev.shiplog.scheduler.Score.Surroundings;

import java.util.List;

/** The scores and their weights. */
final class Scores {
    private static final List<Weighted> ALL =
            List.of(
                    new Weighted(new LeastAllocatedScore(), 1),
                    new Weighted(new BalancedAllocationScore(), 1),
                    // Twice the weight: one lost machine should not take all replicas with it.
                    new Weighted(new SpreadingScore(), 2));

    private static final int WEIGHTS = ALL.stream().mapToInt(Weighted::weight).sum();

    private Scores() {}

    /** The best of some nodes; of equal ones the first. */
    static Best best(PodDemand pod, List<NodeLoad> feasible) {
        Surroundings surroundings =
                new Surroundings(
                        pod.owner()
                                .map(owner ->
                                        feasible.stream()
                                                .mapToInt(node -> node.podsOf(owner))
                                                .max()
                                                .orElse(0))
                                .orElse(0));
        NodeLoad best = feasible.getFirst();
        double highest = -1;
        for (NodeLoad node : feasible) {
            double score = 0;
            for (Weighted weighted : ALL) {
                score += weighted.weight() * weighted.score().of(pod, node, surroundings);
            }
            if (score > highest) {
                best = node;
                highest = score;
            }
        }
        return new Best(best, (int) Math.round(highest / WEIGHTS));
    }

    /**
     * @param score 0 to 100
     */
    record Best(NodeLoad node, int score) {}

    private record Weighted(Score score, int weight) {}
}
