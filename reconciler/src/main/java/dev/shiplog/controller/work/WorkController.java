package dev.shiplog.controller.work;

import dev.shiplog.command.Command;
import dev.shiplog.command.NodeCommand;
import dev.shiplog.controller.BatchController;
import dev.shiplog.controller.Pods;
import dev.shiplog.controller.Subjects;
import dev.shiplog.controller.Verdict;
import dev.shiplog.event.NodeEvent;
import dev.shiplog.event.Recorded;
import dev.shiplog.event.ResourceEvent;
import dev.shiplog.event.SchedulerEvent;
import dev.shiplog.resource.Deletion;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Work;
import dev.shiplog.state.ClusterState;
import dev.shiplog.state.Ordered;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Tells each node which of the pods bound to it to run, and which to stop. */
public final class WorkController implements BatchController {
    /** Pods looked at in one batch. */
    static final int BATCH = 256;

    @Override
    public String name() {
        return "work-controller";
    }

    @Override
    public int batch() {
        return BATCH;
    }

    /** One command for each node that has something to do. */
    @Override
    public Verdict reconcile(ClusterState state, List<ResourceKey> keys, Instant now) {
        SortedMap<NodeName, List<Work>> orders = new TreeMap<>();
        for (ResourceKey key : keys) {
            Optional<Resource> pod = state.resource(key);
            Optional<NodeName> node = pod.flatMap(resource -> node(state, resource));
            if (node.isPresent()) {
                work(state, pod.get())
                        .filter(work -> !ordered(state, work))
                        .ifPresent(work ->
                                orders.computeIfAbsent(node.get(), _ -> new ArrayList<>())
                                        .add(work));
            }
        }
        return new Verdict(
                orders.entrySet().stream()
                        .<Command>map(order ->
                                new NodeCommand.OrderWork(order.getKey(), order.getValue()))
                        .toList(),
                Optional.empty());
    }

    /** The node of a pod, if it has one that exists. */
    private static Optional<NodeName> node(ClusterState state, Resource pod) {
        String name = Pods.nodeName(pod);
        return name.isEmpty() || state.resource(ResourceKey.node(new NodeName(name))).isEmpty()
                ? Optional.empty()
                : Optional.of(new NodeName(name));
    }

    private static Optional<Work> work(ClusterState state, Resource pod) {
        Optional<Deletion> deletion = pod.metadata().deletion();
        if (deletion.isPresent()) {
            return Optional.of(
                    new Work.StopPod(pod.key(), pod.uid(), deletion.get().graceSeconds()));
        }
        if (Pods.finished(pod)) {
            return Optional.empty();
        }
        return Optional.of(
                state.ordered(pod.uid()).isPresent() && Pods.lookedInto(pod)
                        ? new Work.RevisePod(pod.key(), pod.uid(), pod.metadata().generation())
                        : new Work.RunPod(pod.key(), pod.uid()));
    }

    private static boolean ordered(ClusterState state, Work work) {
        Optional<Work> last = state.ordered(work.uid()).map(Ordered::work);
        return switch (work) {
            case Work.RunPod _ -> last.isPresent();
            case Work.RevisePod revise ->
                    last.isPresent()
                            && switch (last.get()) {
                                case Work.RunPod _ -> false;
                                case Work.RevisePod before ->
                                        before.generation() >= revise.generation();
                                case Work.StopPod _ -> true;
                            };
            case Work.StopPod stop ->
                    last.isPresent()
                            && last.get() instanceof Work.StopPod before
                            && before.graceSeconds() <= stop.graceSeconds();
        };
    }

    @Override
    public Collection<ResourceKey> wakes(Recorded event, ClusterState before, ClusterState after) {
        return switch (event.event()) {
            case NodeEvent.NodeRegistered e -> List.copyOf(after.podsOn(e.node()));
            case SchedulerEvent.PodBound e -> List.of(e.pod());
            case ResourceEvent.StatusChanged _, ResourceEvent.ResourceRemoved _ -> List.of();
            case ResourceEvent e ->
                    Subjects.of(e)
                            .filter(key -> key.kind().equals(GroupKind.POD))
                            .filter(key ->
                                    after.resource(key).flatMap(ClusterState::nodeOf).isPresent())
                            .map(List::of)
                            .orElse(List.of());
            default -> List.of();
        };
    }

    /** Those that no order was given for, that changed, or that must stop: most pods just run. */
    @Override
    public Collection<ResourceKey> all(ClusterState state) {
        return state.resources(GroupKind.POD).stream()
                .filter(pod ->
                        pod.metadata().deleting()
                                || state.ordered(pod.uid()).isEmpty()
                                || Pods.lookedInto(pod))
                .map(Resource::key)
                .toList();
    }
}
