package dev.shiplog.scheduler;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.Selector;
import dev.shiplog.state.ClusterState;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which pods disruption budgets would rather keep. For one look. */
final class Budgets {
    private final ClusterState state;
    private final Map<String, List<Budget>> byNamespace = new HashMap<>();

    Budgets(ClusterState state) {
        this.state = state;
    }

    private record Budget(Selector selector, int allowed) {}

    /** Of some pods that would all go, those that no budget has left. */
    List<PodDemand> violated(List<PodDemand> pods) {
        Map<Budget, Integer> used = new HashMap<>();
        List<PodDemand> violated = new ArrayList<>();
        for (PodDemand pod : pods) {
            boolean violates = false;
            for (Budget budget : of(pod.key().namespace())) {
                if (budget.selector().matches(pod.labels())) {
                    violates |= used.merge(budget, 1, Integer::sum) > budget.allowed();
                }
            }
            if (violates) {
                violated.add(pod);
            }
        }
        return violated;
    }

    private List<Budget> of(String namespace) {
        return byNamespace.computeIfAbsent(namespace, this::read);
    }

    private List<Budget> read(String namespace) {
        List<Budget> budgets = new ArrayList<>();
        for (Resource budget : state.resources(GroupKind.DISRUPTION_BUDGET, namespace)) {
            JsonNode selector = budget.body().toNode().path("spec").path("selector");
            if (selector.isObject()) {
                budgets.add(
                        new Budget(
                                Selector.of(selector),
                                budget.status().toNode().path("disruptionsAllowed").asInt()));
            }
        }
        return budgets;
    }
}
