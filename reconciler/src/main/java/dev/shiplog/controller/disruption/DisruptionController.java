package dev.shiplog.controller.disruption;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.command.Command;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.controller.Controller;
import dev.shiplog.controller.Subjects;
import dev.shiplog.controller.Verdict;
import dev.shiplog.decide.Disruption;
import dev.shiplog.event.Recorded;
import dev.shiplog.event.ResourceEvent;
import dev.shiplog.event.SchedulerEvent;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.state.ClusterState;
import dev.shiplog.status.Condition;
import dev.shiplog.status.Conditions;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Says how each PodDisruptionBudget stands. */
public final class DisruptionController implements Controller {
    /** Who wants how many pods. */
    private static final Set<GroupKind> SCALES =
            new TreeSet<>(
                    List.of(
                            GroupKind.DEPLOYMENT,
                            GroupKind.REPLICA_SET,
                            GroupKind.REPLICATION_CONTROLLER,
                            GroupKind.DAEMON_SET));

    @Override
    public String name() {
        return "disruption-controller";
    }

    @Override
    public Verdict reconcile(ClusterState state, ResourceKey key, Instant now) {
        return state.resource(key)
                .filter(budget -> !budget.metadata().deleting())
                .map(budget -> new Verdict(status(state, budget, now), Optional.empty()))
                .orElse(Verdict.DONE);
    }

    private static List<Command> status(
            ClusterState state, Resource budget, Instant now) {
        Disruption stands = Disruption.of(state, budget);
        ObjectNode status = budget.status().toObject();
        status.put("observedGeneration", budget.metadata().generation());
        status.put("expectedPods", stands.expected());
        status.put("desiredHealthy", stands.desired());
        status.put("currentHealthy", stands.healthy());
        status.put("disruptionsAllowed", stands.allowed());
        disrupted(state, budget, status);
        boolean some = stands.allowed() > 0;
        status.set(
                "conditions",
                Conditions.merge(
                        status.path("conditions"),
                        List.of(
                                new Condition(
                                        "DisruptionAllowed",
                                        some ? "True" : "False",
                                        some ? "SufficientPods" : "InsufficientPods",
                                        "",
                                        Condition.Updates.NEVER)),
                        now));
        Json after = Json.of(status);
        return after.equals(budget.status())
                ? List.of()
                : List.of(new ResourceCommand.UpdateStatus(budget.key(), budget.uid(), after));
    }

    /** Pods that were evicted are remembered as long as they are on their way. */
    private static void disrupted(ClusterState state, Resource budget, ObjectNode status) {
        ObjectNode going = Json.EMPTY.toObject();
        for (var pod : status.path("disruptedPods").properties()) {
            ResourceKey key = ResourceKey.pod(budget.key().namespace(), pod.getKey());
            if (state.resource(key).filter(one -> one.metadata().deleting()).isPresent()) {
                going.set(pod.getKey(), pod.getValue());
            }
        }
        if (going.isEmpty()) {
            status.remove("disruptedPods");
        } else {
            status.set("disruptedPods", going);
        }
    }

    @Override
    public Collection<ResourceKey> wakes(Recorded event, ClusterState before, ClusterState after) {
        if (event.event() instanceof SchedulerEvent) {
            return List.of();
        }
        Optional<ResourceKey> subject = Subjects.of(event.event());
        if (subject.isEmpty()) {
            return List.of();
        }
        ResourceKey key = subject.get();
        if (key.kind().equals(GroupKind.DISRUPTION_BUDGET)) {
            return List.of(key);
        }
        boolean pod = key.kind().equals(GroupKind.POD);
        boolean counts = event.event() instanceof ResourceEvent.StatusChanged;
        if (!pod && (!SCALES.contains(key.kind()) || (counts && !isDaemons(key)))) {
            return List.of();
        }
        Collection<Resource> budgets =
                after.resources(GroupKind.DISRUPTION_BUDGET, key.namespace());
        return budgets.stream()
                .filter(budget ->
                        !pod
                                || concerns(budget, before.resource(key))
                                || concerns(budget, after.resource(key)))
                .map(Resource::key)
                .toList();
    }

    private static boolean isDaemons(ResourceKey key) {
        return key.kind().equals(GroupKind.DAEMON_SET);
    }

    private static boolean concerns(Resource budget, Optional<Resource> pod) {
        return pod.filter(one -> Disruption.concerns(budget, one)).isPresent();
    }

    @Override
    public Collection<ResourceKey> all(ClusterState state) {
        return state.resources(GroupKind.DISRUPTION_BUDGET).stream().map(Resource::key).toList();
    }
}
