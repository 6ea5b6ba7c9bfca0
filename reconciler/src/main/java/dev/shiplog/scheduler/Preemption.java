package dev.shiplog.scheduler;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the node from which the least important pods would have to go so that a pod fits, after
 * Kubernetes' {@code default_preemption.go}: fewest broken budgets, then the lowest of the highest
 * priorities of the victims, the lowest sum of them, fewest victims, the youngest of the most
 * important ones.
 *
 * <p>Pods that go anyway are taken for gone: a pod that only waits for those has no victims.
 */
final class Preemption {
    /** Nodes that are tried for one pod, at most. */
    static final int MAX_TRIALS = 100;

    /** Nodes that are tried for a pod that asks something of its neighbours, which costs more. */
    static final int MAX_PARTICULAR_TRIALS = 20;

    private static final String NO_VICTIMS = "No preemption victims found for incoming pod";
    private static final String NOT_HELPFUL = "Preemption is not helpful for scheduling";

    /** Those that matter more first. */
    private static final Comparator<PodDemand> IMPORTANCE =
            Comparator.comparingInt(PodDemand::priority)
                    .reversed()
                    .thenComparing(PodDemand::created)
                    .thenComparing(PodDemand::key);

    private static final Comparator<Choice> CHEAPEST =
            Comparator.comparingInt(Choice::violations)
                    .thenComparingInt(Choice::highest)
                    .thenComparingLong(Choice::sum)
                    .thenComparingInt(choice -> choice.victims().size())
                    .thenComparing(Choice::eldest, Comparator.reverseOrder());

    private final PodDemand pod;
    private final Census census;
    private final Budgets budgets;
    private final Objections objections = new Objections();

    private Preemption(PodDemand pod, Census census, Budgets budgets) {
        this.pod = pod;
        this.census = census;
        this.budgets = budgets;
    }

    /**
     * A node and who has to go from there.
     *
     * @param violations how many of them a budget would keep
     */
    record Choice(NodeLoad node, List<PodDemand> victims, int violations) {
        int highest() {
            return victims.stream().mapToInt(PodDemand::priority).max().orElse(Integer.MIN_VALUE);
        }

        long sum() {
            return victims.stream().mapToLong(PodDemand::priority).sum();
        }

        Instant eldest() {
            return victims.stream()
                    .filter(victim -> victim.priority() == highest())
                    .map(PodDemand::created)
                    .min(Comparator.naturalOrder())
                    .orElse(Instant.MAX);
        }
    }

    /**
     * @param choice empty if nothing helps
     * @param message why not, as Kubernetes appends it to the objections; empty if there is a
     *     choice
     */
    record Result(Optional<Choice> choice, String message) {
        static Result none(String message) {
            return new Result(Optional.empty(), "preemption: " + message);
        }
    }

    /**
     * @param curable the nodes whose objections are about other pods
     * @param others how many nodes there are beside
     */
    static Result of(
            PodDemand pod, List<NodeLoad> curable, int others, Census census, Budgets budgets) {
        return pod.preempts()
                ? new Preemption(pod, census, budgets).find(curable, others)
                : Result.none("not eligible due to preemptionPolicy=Never.");
    }

    private Result find(List<NodeLoad> curable, int others) {
        List<Choice> choices = new ArrayList<>();
        objections.add(NOT_HELPFUL, others);
        int trials = isParticular() ? MAX_PARTICULAR_TRIALS : MAX_TRIALS;
        for (NodeLoad node : curable) {
            if (!node.hasBelow(pod.priority()) || choices.size() >= trials) {
                objections.add(NO_VICTIMS, 1);
            } else {
                clear(node).ifPresent(choices::add);
            }
        }
        return choices.stream()
                .min(CHEAPEST)
                .map(choice -> new Result(Optional.of(choice), ""))
                .orElseGet(() -> Result.none(objections.message()));
    }

    private boolean isParticular() {
        return !pod.affinity().isEmpty() || !pod.spread().isEmpty() || census.hasParticular();
    }

    /** Who has to go from a node; empty if that would not help. */
    private Optional<Choice> clear(NodeLoad node) {
        List<PodDemand> staying = new ArrayList<>();
        List<PodDemand> lower = new ArrayList<>();
        for (PodDemand there : node.pods()) {
            if (there.priority() >= pod.priority()) {
                staying.add(there);
            } else if (!there.leaving()) {
                lower.add(there);
            }
        }
        List<Objection> left = objections(node, staying);
        if (!left.isEmpty()) {
            objections.add(left);
            return Optional.empty();
        }
        lower.sort(IMPORTANCE);
        List<PodDemand> kept = budgets.violated(lower);
        Set<PodDemand> violating = new HashSet<>(kept);
        // Those that a budget would keep are spared first, then the more important ones.
        lower.removeAll(violating);
        List<PodDemand> victims = new ArrayList<>();
        int violations = spare(node, kept, staying, victims);
        int _ = spare(node, lower, staying, victims);
        return Optional.of(new Choice(node, List.copyOf(victims), violations));
    }

    /** Lets those stay that can; gives how many cannot. */
    private int spare(
            NodeLoad node,
            List<PodDemand> candidates,
            List<PodDemand> staying,
            List<PodDemand> victims) {
        int driven = 0;
        for (PodDemand candidate : candidates) {
            staying.add(candidate);
            if (!objections(node, staying).isEmpty()) {
                staying.removeLast();
                victims.add(candidate);
                driven++;
            }
        }
        return driven;
    }

    private List<Objection> objections(NodeLoad node, List<PodDemand> staying) {
        NodeLoad trial = node.with(staying);
        return Filters.objections(pod, trial, around(node, trial));
    }

    private Neighbourhood around(NodeLoad node, NodeLoad trial) {
        if (!isParticular()) {
            return Neighbourhood.INDIFFERENT;
        }
        List<NodeLoad> nodes = new ArrayList<>(census.nodes());
        nodes.replaceAll(one -> one == node ? trial : one);
        return Neighbourhood.of(pod, new Census(nodes, census.state()));
    }
}
