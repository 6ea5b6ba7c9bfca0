package dev.shiplog.scheduler;

import dev.shiplog.command.SchedulerCommand.Binding;
import dev.shiplog.command.SchedulerCommand.Rejection;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Places pods on nodes, one after another; each sees those before it where they were placed.
 *
 * @param bindings who goes where
 * @param rejections who fits nowhere, and why
 */
record Placement(List<Binding> bindings, List<Rejection> rejections) {
    /** Places pods. The nodes' loads grow by what is placed on them. */
    static Placement of(List<PodDemand> pods, Collection<NodeLoad> nodes) {
        Placement placement = new Placement(new ArrayList<>(), new ArrayList<>());
        pods.forEach(pod -> placement.place(pod, nodes));
        return placement;
    }

    private void place(PodDemand pod, Collection<NodeLoad> nodes) {
        List<NodeLoad> feasible = new ArrayList<>();
        Objections objections = new Objections();
        for (NodeLoad node : nodes) {
            List<String> refused = Filters.objections(pod, node);
            if (refused.isEmpty()) {
                feasible.add(node);
            } else {
                objections.add(refused);
            }
        }
        if (feasible.isEmpty()) {
            rejections.add(
                    new Rejection(pod.key(), pod.uid(), objections.counts(), objections.message()));
            return;
        }
        Scores.Best best = Scores.best(pod, feasible);
        best.node().add(pod);
        bindings.add(
                new Binding(
                        pod.key(),
                        pod.uid(),
                        best.node().facts().name(),
                        feasible.size(),
                        best.score()));
    }
}
