package dev.shiplog.scheduler;

import dev.shiplog.command.SchedulerCommand.Binding;
import dev.shiplog.command.SchedulerCommand.Rejection;
import dev.shiplog.command.SchedulerCommand.Victim;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;
import dev.shiplog.state.ClusterState;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;

/**
 * Places pods on nodes, one after another, those of higher priority first; each sees those before
 * it where they were placed.
 */
final class Placement {
    private final Census census;
    private final Budgets budgets;
    private final Map<Uid, NodeName> nominations;
    private final Map<NodeName, NodeLoad> byName = new HashMap<>();
    private final List<Binding> bindings = new ArrayList<>();
    private final List<Rejection> rejections = new ArrayList<>();
    private final List<Room> rooms = new ArrayList<>();
    private final List<ResourceKey> withdrawn = new ArrayList<>();

    private Placement(Census census, Map<Uid, NodeName> nominations) {
        this.census = census;
        this.budgets = new Budgets(census.state());
        this.nominations = nominations;
        census.nodes().forEach(node -> byName.put(node.facts().name(), node));
    }

    /** Room to be made for a pod on a node. */
    record Room(PodDemand pod, NodeName node, List<Victim> victims) {}

    /**
     * Places pods. The nodes' loads grow by what is placed on them.
     *
     * @param nominations which nodes pods wait for already
     */
    static Placement of(
            List<PodDemand> pods,
            Collection<NodeLoad> nodes,
            ClusterState state,
            Map<Uid, NodeName> nominations) {
        Placement placement = new Placement(new Census(nodes, state), nominations);
        pods.stream()
                .sorted(Comparator.comparingInt(PodDemand::priority).reversed())
                .forEach(placement::place);
        return placement;
    }

    /** Who goes where. */
    List<Binding> bindings() {
        return bindings;
    }

    /** Who fits nowhere, and why. */
    List<Rejection> rejections() {
        return rejections;
    }

    /** Who is to get room, and how. */
    List<Room> rooms() {
        return rooms;
    }

    /** Who waits for no particular node any more. */
    List<ResourceKey> withdrawn() {
        return withdrawn;
    }

    private void place(PodDemand pod) {
        Neighbourhood around = Neighbourhood.of(pod, census);
        List<NodeLoad> feasible = new ArrayList<>();
        List<NodeLoad> curable = new ArrayList<>();
        Objections objections = new Objections();
        Collection<NodeLoad> candidates = candidates(pod);
        for (NodeLoad node : candidates) {
            List<Objection> refused = Filters.objections(pod, node, around);
            if (refused.isEmpty()) {
                feasible.add(node);
            } else {
                objections.add(refused);
                if (refused.stream().allMatch(Objection::curable)) {
                    curable.add(node);
                }
            }
        }
        if (feasible.isEmpty()) {
            objections.add(NodeSelectorFilter.TEXT, byName.size() - candidates.size());
            reject(pod, curable, objections);
            return;
        }
        Scores.Best best = Scores.best(pod, feasible, around, census);
        best.node().add(pod);
        best.node().dismiss(pod.uid());
        census.placed(pod, best.node());
        bindings.add(
                new Binding(
                        pod.key(),
                        pod.uid(),
                        best.node().facts().name(),
                        feasible.size(),
                        best.score()));
    }

    /** All nodes, but for a pod that names its own. */
    private Collection<NodeLoad> candidates(PodDemand pod) {
        Optional<SortedSet<NodeName>> names = pod.nodeTerms().names();
        return names.isEmpty()
                ? census.nodes()
                : names.get().stream()
                        .flatMap(name -> Optional.ofNullable(byName.get(name)).stream())
                        .toList();
    }

    private void reject(PodDemand pod, List<NodeLoad> curable, Objections objections) {
        String message = objections.message();
        Optional<NodeName> nominated = Optional.ofNullable(nominations.get(pod.uid()));
        if (byName.isEmpty()) {
            add(pod, objections, message);
        } else if (nominated.filter(node -> roomComes(pod, node)).isPresent()) {
            add(
                    pod,
                    objections,
                    message
                            + " preemption: not eligible due to a terminating pod on the nominated"
                            + " node.");
        } else {
            Preemption.Result result =
                    Preemption.of(
                            pod, curable, byName.size() - curable.size(), census, budgets);
            result.choice()
                    .ifPresentOrElse(
                            choice -> {
                                add(pod, objections, message);
                                makeRoom(pod, choice);
                            },
                            () -> {
                                add(pod, objections, message + " " + result.message());
                                nominated.ifPresent(node -> withdraw(pod, node));
                            });
        }
    }

    private boolean roomComes(PodDemand pod, NodeName node) {
        NodeLoad load = byName.get(node);
        return load != null
                && load.pods().stream()
                        .anyMatch(there ->
                                there.leaving() && there.priority() < pod.priority());
    }

    private void add(PodDemand pod, Objections objections, String message) {
        rejections.add(new Rejection(pod.key(), pod.uid(), objections.counts(), message));
    }

    private void makeRoom(PodDemand pod, Preemption.Choice choice) {
        NodeLoad node = choice.node();
        Optional.ofNullable(nominations.get(pod.uid()))
                .flatMap(before -> Optional.ofNullable(byName.get(before)))
                .ifPresent(before -> before.dismiss(pod.uid()));
        node.nominate(pod);
        choice.victims().forEach(victim -> node.add(victim.left()));
        rooms.add(
                new Room(
                        pod,
                        node.facts().name(),
                        choice.victims().stream()
                                .map(victim -> new Victim(victim.key(), victim.uid()))
                                .toList()));
    }

    private void withdraw(PodDemand pod, NodeName node) {
        Optional.ofNullable(byName.get(node)).ifPresent(load -> load.dismiss(pod.uid()));
        withdrawn.add(pod.key());
    }
}
