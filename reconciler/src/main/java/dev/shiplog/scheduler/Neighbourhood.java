package dev.shiplog.scheduler;

import dev.shiplog.resource.NodeName;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What one pod wants of the pods around it and they of it, worked out once before nodes are looked
 * at one by one. {@link #INDIFFERENT} for a pod that asks nothing, among pods that ask nothing.
 *
 * @param required where pods are that must be there
 * @param founder whether those that must be there are nowhere, and the pod is one of them itself:
 *     the first of a group that wants to stay together
 * @param forbidden where pods are that must not be
 * @param spreads how its spread constraints stand
 */
record Neighbourhood(
        List<Places> required,
        boolean founder,
        List<Places> forbidden,
        List<Spread> spreads,
        Optional<Residents> residents,
        Map<PodAffinity.Weighted, Places> preferred) {
    static final Neighbourhood INDIFFERENT =
            new Neighbourhood(
                    List.of(), false, List.of(), List.of(), Optional.empty(), Map.of());

    /** The places where there are pods, by the value of a label. */
    record Places(String key, Map<String, Integer> counts) {
        int on(NodeLoad node) {
            String value = node.facts().labels().get(key);
            return value == null ? 0 : counts.getOrDefault(value, 0);
        }
    }

    /**
     * How a spread constraint stands.
     *
     * @param fewest what the place with the fewest has
     * @param itself 1 if the pod counts itself, else 0
     */
    record Spread(SpreadConstraint constraint, Places places, int fewest, int itself) {
        int domains() {
            return places.counts().size();
        }
    }

    static Neighbourhood of(PodDemand pod, Census census) {
        if (pod.affinity().isEmpty() && pod.spread().isEmpty() && !census.hasParticular()) {
            return INDIFFERENT;
        }
        List<PodAffinity.Term> wanted = pod.affinity().required();
        List<PodChooser> together = wanted.stream().map(PodAffinity.Term::pods).toList();
        Map<NodeName, Integer> company = together.isEmpty() ? Map.of() : census.count(together);
        List<Places> required = new ArrayList<>();
        for (PodAffinity.Term term : wanted) {
            required.add(places(term.topologyKey(), company, census));
        }
        List<Places> forbidden = new ArrayList<>();
        for (PodAffinity.Term term : pod.affinity().forbidden()) {
            forbidden.add(
                    places(term.topologyKey(), census.count(List.of(term.pods())), census));
        }
        List<Spread> spreads = new ArrayList<>();
        pod.spread().forEach(constraint -> spreads.add(spread(pod, constraint, census)));
        Map<PodAffinity.Weighted, Places> preferred = new HashMap<>();
        for (PodAffinity.Weighted weighted : pod.affinity().preferred()) {
            PodAffinity.Term term = weighted.term();
            preferred.put(
                    weighted,
                    places(term.topologyKey(), census.count(List.of(term.pods())), census));
        }
        return new Neighbourhood(
                required,
                company.isEmpty() && census.allChoose(together, pod),
                forbidden,
                spreads,
                census.hasParticular() ? Optional.of(census.residents(pod)) : Optional.empty(),
                preferred);
    }

    private static Places places(String key, Map<NodeName, Integer> byNode, Census census) {
        Map<String, Integer> counts = new HashMap<>();
        if (!byNode.isEmpty()) {
            for (NodeLoad node : census.nodes()) {
                Integer count = byNode.get(node.facts().name());
                String value = node.facts().labels().get(key);
                if (count != null && value != null) {
                    counts.merge(value, count, Integer::sum);
                }
            }
        }
        return new Places(key, counts);
    }

    private static Spread spread(PodDemand pod, SpreadConstraint constraint, Census census) {
        Map<NodeName, Integer> byNode = census.count(List.of(constraint.pods()));
        Map<String, Integer> counts = new HashMap<>();
        Set<String> hardKeys = new HashSet<>();
        pod.spread().stream()
                .filter(other -> other.hard() == constraint.hard())
                .forEach(other -> hardKeys.add(other.topologyKey()));
        for (NodeLoad node : census.nodes()) {
            if (node.facts().labels().keySet().containsAll(hardKeys)
                    && constraint.counts(pod, node)) {
                counts.merge(
                        node.facts().labels().get(constraint.topologyKey()),
                        byNode.getOrDefault(node.facts().name(), 0),
                        Integer::sum);
            }
        }
        int fewest =
                counts.size() < constraint.minDomains()
                        ? 0
                        : counts.values().stream().mapToInt(Integer::intValue).min().orElse(0);
        int itself = constraint.pods().chooses(pod, census.state()) ? 1 : 0;
        return new Spread(
                constraint, new Places(constraint.topologyKey(), counts), fewest, itself);
    }
}
