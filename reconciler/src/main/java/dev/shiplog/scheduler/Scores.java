package dev.shiplog.scheduler;

import dev.shiplog.scheduler.Score.Surroundings;

import java.util.ArrayList;
import java.util.List;

/** The scores and preferences, and their weights. */
final class Scores {
    private static final List<Weighted> ALL =
            List.of(
                    new Weighted(new LeastAllocatedScore(), 1),
                    new Weighted(new BalancedAllocationScore(), 1),
                    // Twice the weight: one lost machine should not take all replicas with it.
                    new Weighted(new SpreadingScore(), 2));

    /** With Kubernetes' weights. */
    private static final List<Preferred> PREFERENCES =
            List.of(
                    new Preferred(new TaintPreference(), 3),
                    new Preferred(new NodeAffinityPreference(), 2),
                    new Preferred(new InterPodPreference(), 2),
                    new Preferred(new SpreadPreference(), 2));

    private static final int WEIGHTS = ALL.stream().mapToInt(Weighted::weight).sum();

    private Scores() {}

    /** The best of some nodes; of equal ones the first. */
    static Best best(
            PodDemand pod, List<NodeLoad> feasible, Neighbourhood around, Census census) {
        Surroundings surroundings =
                new Surroundings(
                        pod.owner()
                                .map(owner ->
                                        feasible.stream()
                                                .mapToInt(node -> node.podsOf(owner))
                                                .max()
                                                .orElse(0))
                                .orElse(0));
        List<Measured> measured = measured(pod, feasible, around, census);
        int weights = WEIGHTS + measured.stream().mapToInt(Measured::weight).sum();
        NodeLoad best = feasible.getFirst();
        double highest = -1;
        for (int i = 0; i < feasible.size(); i++) {
            NodeLoad node = feasible.get(i);
            double score = 0;
            for (Weighted weighted : ALL) {
                score += weighted.weight() * weighted.score().of(pod, node, surroundings);
            }
            for (Measured one : measured) {
                score += one.weight() * one.score(i);
            }
            if (score > highest) {
                best = node;
                highest = score;
            }
        }
        return new Best(best, (int) Math.round(highest / weights));
    }

    private static List<Measured> measured(
            PodDemand pod, List<NodeLoad> feasible, Neighbourhood around, Census census) {
        List<Measured> measured = new ArrayList<>();
        for (Preferred preferred : PREFERENCES) {
            if (feasible.size() > 1 && preferred.preference().concerns(pod, around, census)) {
                measured.add(Measured.of(preferred, pod, feasible, around));
            }
        }
        return measured;
    }

    /**
     * @param score 0 to 100
     */
    record Best(NodeLoad node, int score) {}

    private record Weighted(Score score, int weight) {}

    private record Preferred(Preference preference, int weight) {}

    /** A preference with its measure of every node that comes into question. */
    private record Measured(Preferred preferred, List<Double> measures, double least, double most) {
        static Measured of(
                Preferred preferred,
                PodDemand pod,
                List<NodeLoad> feasible,
                Neighbourhood around) {
            List<Double> measures = new ArrayList<>(feasible.size());
            double least = Double.MAX_VALUE;
            double most = -Double.MAX_VALUE;
            for (NodeLoad node : feasible) {
                double measure = preferred.preference().of(pod, node, around);
                measures.add(measure);
                least = Math.min(least, measure);
                most = Math.max(most, measure);
            }
            return new Measured(preferred, measures, least, most);
        }

        int weight() {
            return preferred.weight();
        }

        double score(int node) {
            return preferred.preference().score(measures.get(node), least, most);
        }
    }
}
