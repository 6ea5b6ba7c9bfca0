package dev.shiplog.scheduler;

import dev.shiplog.command.Command;
import dev.shiplog.command.SchedulerCommand;
import dev.shiplog.command.SchedulerCommand.BindPods;
import dev.shiplog.command.SchedulerCommand.Binding;
import dev.shiplog.command.SchedulerCommand.PreemptPods;
import dev.shiplog.command.SchedulerCommand.RejectPods;
import dev.shiplog.command.SchedulerCommand.Rejection;
import dev.shiplog.command.SchedulerCommand.WithdrawNominations;
import dev.shiplog.controller.BatchController;
import dev.shiplog.controller.Subjects;
import dev.shiplog.controller.Verdict;
import dev.shiplog.event.Event;
import dev.shiplog.event.Recorded;
import dev.shiplog.event.ResourceEvent;
import dev.shiplog.event.SchedulerEvent;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;
import dev.shiplog.state.ClusterState;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Gives pods their nodes, many at a time. Keeps the sums of what is taken of each node, and the
 * pods that fit nowhere, which are tried again when something made room.
 *
 * <p>Both are memories of the log and of nothing else: lost with the program, read anew from the
 * state. Safe for two threads: one that tells events and one that places.
 */
public final class Scheduler implements BatchController {
    /** The scheduler that pods get which ask for none by name. */
    public static final String DEFAULT_NAME = "default-scheduler";

    /** Pods placed by one command. */
    static final int BATCH = 256;

    /** How long a pod that fits nowhere waits before it is tried without a reason. */
    static final Duration RETRY = Duration.ofSeconds(60);

    private final Cluster cluster = new Cluster();
    private final SortedMap<ResourceKey, PodDemand> unschedulable = new TreeMap<>();

    /** Placed, and neither bound nor refused as far as the events tell. */
    private final Map<ResourceKey, Uid> placed = new HashMap<>();

    /** To get room, and neither nominated nor refused as far as the events tell. */
    private final Map<ResourceKey, Placement.Room> promised = new HashMap<>();

    @Override
    public String name() {
        return DEFAULT_NAME;
    }

    @Override
    public String actor() {
        return "scheduler:" + DEFAULT_NAME;
    }

    @Override
    public int batch() {
        return BATCH;
    }

    @Override
    public synchronized Verdict reconcile(ClusterState state, List<ResourceKey> keys, Instant now) {
        withdrawUnbound(state);
        List<PodDemand> pods =
                keys.stream()
                        .flatMap(key -> state.resource(key).stream())
                        .filter(pod -> !pod.metadata().deleting())
                        .map(PodDemand::of)
                        .filter(pod -> pod.nodeName().isEmpty())
                        .filter(pod -> pod.schedulerName().equals(DEFAULT_NAME))
                        .filter(pod -> cluster.placeOf(pod.uid()).isEmpty())
                        .toList();
        for (ResourceKey key : keys) {
            unschedulable.remove(key);
        }
        Placement placement =
                Placement.of(pods, cluster.nodes(), state, Map.copyOf(cluster.nominations()));
        for (Binding binding : placement.bindings()) {
            cluster.placed(binding.uid(), binding.node());
            placed.put(binding.pod(), binding.uid());
        }
        for (Placement.Room room : placement.rooms()) {
            cluster.nominated(room.pod().uid(), room.node());
            promised.put(room.pod().key(), room);
        }
        remember(pods, placement.rejections());
        return verdict(placement, now);
    }

    /**
     * A batch begins when the events of the one before it have been told: what has not been bound
     * by then was refused.
     */
    private void withdrawUnbound(ClusterState state) {
        placed.values().forEach(cluster::withdraw);
        placed.clear();
        for (Placement.Room room : promised.values()) {
            boolean _ = cluster.dismiss(room.pod().uid());
            room.victims().stream()
                    .flatMap(victim -> state.resource(victim.pod()).stream())
                    .forEach(cluster::pod);
        }
        promised.clear();
    }

    private void remember(List<PodDemand> pods, List<Rejection> rejections) {
        Map<ResourceKey, PodDemand> demands = new HashMap<>();
        pods.forEach(pod -> demands.put(pod.key(), pod));
        for (Rejection rejection : rejections) {
            PodDemand pod = demands.get(rejection.pod());
            if (pod != null) {
                unschedulable.put(pod.key(), pod);
            }
        }
    }

    private static Verdict verdict(Placement placement, Instant now) {
        List<Command> commands = new ArrayList<>();
        if (!placement.bindings().isEmpty()) {
            commands.add(new BindPods(DEFAULT_NAME, placement.bindings()));
        }
        if (!placement.rejections().isEmpty()) {
            commands.add(new RejectPods(DEFAULT_NAME, placement.rejections()));
        }
        if (!placement.withdrawn().isEmpty()) {
            commands.add(new WithdrawNominations(DEFAULT_NAME, placement.withdrawn()));
        }
        if (!placement.rooms().isEmpty()) {
            commands.add(
                    new PreemptPods(
                            DEFAULT_NAME,
                            placement.rooms().stream()
                                    .map(room ->
                                            new SchedulerCommand.Preemption(
                                                    room.pod().key(),
                                                    room.pod().uid(),
                                                    room.node(),
                                                    room.victims()))
                                    .toList()));
        }
        return new Verdict(
                commands,
                placement.rejections().isEmpty() ? Optional.empty() : Optional.of(now.plus(RETRY)));
    }

    @Override
    public synchronized Collection<ResourceKey> wakes(
            Recorded event, ClusterState before, ClusterState after) {
        boolean room = cluster.fold(event, before, after);
        if (event.event() instanceof SchedulerEvent.PodBound bound) {
            placed.remove(bound.pod(), bound.uid());
        }
        if (event.event() instanceof SchedulerEvent.PodNominated nominated) {
            promised.remove(nominated.pod());
        }
        if (event.event() instanceof ResourceEvent.ResourceRemoved removed) {
            unschedulable.remove(removed.key());
        }
        if (room && !unschedulable.isEmpty()) {
            return List.copyOf(unschedulable.keySet());
        }
        if (!unschedulable.isEmpty()) {
            Collection<ResourceKey> joined = joined(event.event(), after);
            if (!joined.isEmpty()) {
                return joined;
            }
        }
        return begun(event.event())
                .filter(key -> waiting(after, key))
                .map(List::of)
                .orElse(List.of());
    }

    /** Who waits for company, or for places to fill up, when a pod comes to a node. */
    private Collection<ResourceKey> joined(Event event, ClusterState after) {
        return event instanceof SchedulerEvent.PodBound
                        || event instanceof ResourceEvent.MetadataChanged
                ? Subjects.of(event)
                        .filter(key -> key.kind().equals(GroupKind.POD))
                        .flatMap(after::resource)
                        .map(PodDemand::of)
                        .map(newcomer ->
                                unschedulable.values().stream()
                                        .filter(pod -> pod.hopesFor(newcomer, after))
                                        .map(PodDemand::key)
                                        .toList())
                        .orElse(List.of())
                : List.of();
    }

    /** The pod that an event begins. */
    private static Optional<ResourceKey> begun(Event event) {
        return switch (event) {
            case ResourceEvent.ResourceCreated e -> pod(e.key());
            case ResourceEvent.ResourceDeclared e -> pod(e.key());
            case ResourceEvent.DeclarationRealized e -> pod(e.key());
            default -> Optional.empty();
        };
    }

    private static Optional<ResourceKey> pod(ResourceKey key) {
        return key.kind().equals(GroupKind.POD) ? Optional.of(key) : Optional.empty();
    }

    private static boolean waiting(ClusterState state, ResourceKey key) {
        return state.resource(key)
                .filter(pod -> !pod.metadata().deleting())
                .filter(pod -> ClusterState.nodeOf(pod).isEmpty())
                .filter(Scheduler::ours)
                .isPresent();
    }

    /** Whether a pod asks for this scheduler; defaults are set in every pod. */
    private static boolean ours(Resource pod) {
        return pod.body()
                .toNode()
                .path("spec")
                .path("schedulerName")
                .asText(DEFAULT_NAME)
                .equals(DEFAULT_NAME);
    }

    @Override
    public synchronized Collection<ResourceKey> all(ClusterState state) {
        cluster.read(state);
        return state.resources(GroupKind.POD).stream()
                .map(Resource::key)
                .filter(key -> waiting(state, key))
                .toList();
    }
}
