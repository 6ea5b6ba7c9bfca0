package dev.shiplog.link;

import dev.shiplog.event.NodeEvent;
import dev.shiplog.event.Recorded;
import dev.shiplog.event.ResourceEvent;
import dev.shiplog.node.link.ControlPlane.Order;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Work;
import dev.shiplog.state.ClusterState;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Turns what is recorded for one node into its orders. One call at a time. */
final class OrderFeed {
    private final NodeName node;
    private final Inputs inputs;
    private final Consumer<Order> orders;
    private final ServiceLinks services = new ServiceLinks();
    private final List<Position> obsolete = new ArrayList<>();

    OrderFeed(NodeName node, Inputs inputs, Consumer<Order> orders) {
        this.node = node;
        this.inputs = inputs;
        this.orders = orders;
    }

    /**
     * Every order that still matters: the newest of each pod that is bound to the node, even if it
     * was acknowledged, because a restarted node supervises again; and the open ones about pods
     * that are gone. A pod that was never ordered waits for its order.
     *
     * @param current asked in turn with {@link #changed}, so that no order is followed by an older
     *     form of itself
     * @return the state that was caught up with
     */
    synchronized ClusterState catchUp(Supplier<ClusterState> current) {
        ClusterState state = current.get();
        // It may be newer than what was told of changes.
        services.forget();
        for (ResourceKey key : state.podsOn(node)) {
            Resource pod = state.resource(key).orElseThrow();
            state.ordered(pod.uid())
                    .filter(ordered -> ordered.node().equals(node))
                    .ifPresent(ordered -> pass(ordered.id(), ordered.work(), state));
        }
        state.work(node)
                .forEach((id, work) -> {
                    boolean newest =
                            state.ordered(work.uid())
                                    .filter(ordered -> ordered.id().equals(id))
                                    .isPresent();
                    if (!newest) {
                        superseded(id, work, state);
                    }
                });
        return state;
    }

    /** An open order that is not a live pod's newest. */
    private void superseded(Position id, Work work, ClusterState state) {
        switch (work) {
            case Work.RunPod _, Work.RevisePod _ -> obsolete.add(id);
            case Work.StopPod _ -> pass(id, work, state);
        }
    }

    synchronized void changed(ClusterState after, List<Recorded> events) {
        Set<ResourceKey> changed = Inputs.changed(events);
        services.changed(changed);
        for (Recorded recorded : events) {
            if (recorded.event() instanceof NodeEvent.WorkOrdered ordered
                    && ordered.node().equals(node)) {
                pass(recorded.position(), ordered.work(), after);
            }
            if (recorded.event() instanceof ResourceEvent.StatusChanged others) {
                repeat(others.key(), after);
            }
        }
        // A Service gives nobody its order again: whoever starts next finds it.
        changed.removeIf(key -> key.kind().equals(GroupKind.SERVICE));
        changed.addAll(labelled(events));
        if (!changed.isEmpty()) {
            repeat(changed, after);
        }
    }

    /** Gives a pod its order again: somebody else wrote a condition that it may wait for. */
    private void repeat(ResourceKey key, ClusterState state) {
        if (!key.kind().equals(GroupKind.POD)) {
            return;
        }
        state.resource(key)
                .filter(pod -> !pod.metadata().deleting())
                .flatMap(pod -> state.ordered(pod.uid()))
                .filter(ordered -> ordered.node().equals(node))
                .ifPresent(ordered -> pass(ordered.id(), ordered.work(), state));
    }

    /** The pods whose labels or annotations changed: their volumes may show them. */
    private static Set<ResourceKey> labelled(List<Recorded> events) {
        Set<ResourceKey> pods = new TreeSet<>();
        for (Recorded recorded : events) {
            if (recorded.event() instanceof ResourceEvent.MetadataChanged change
                    && change.key().kind().equals(GroupKind.POD)) {
                pods.add(change.key());
            }
        }
        return pods;
    }

    /** Gives the pods that refer to something their orders again, with what it is now. */
    private void repeat(Set<ResourceKey> changed, ClusterState state) {
        for (ResourceKey key : state.podsOn(node)) {
            Resource pod = state.resource(key).orElseThrow();
            if (!pod.metadata().deleting()
                    && !Collections.disjoint(Inputs.references(pod), changed)) {
                state.ordered(pod.uid())
                        .filter(ordered ->
                                ordered.node().equals(node)
                                        && ordered.work() instanceof Work.RunPod)
                        .ifPresent(ordered -> pass(ordered.id(), ordered.work(), state));
            }
        }
    }

    private void pass(Position id, Work work, ClusterState state) {
        Optional<Resource> pod =
                state.resource(work.pod()).filter(found -> found.uid().equals(work.uid()));
        switch (work) {
            case Work.RunPod _, Work.RevisePod _ -> {
                // A pod on its way out is not begun any more: its stop follows or has come.
                if (pod.isPresent() && !pod.get().metadata().deleting()) {
                    orders.accept(
                            new Order.Run(id, pod.get(), inputs.of(state, pod.get(), services)));
                } else {
                    obsolete.add(id);
                }
            }
            case Work.StopPod(var key, var uid, long grace) ->
                    orders.accept(new Order.Stop(id, key, uid, grace, pod));
        }
    }

    /** Orders that were found to need nothing; each is given out once. */
    synchronized List<Position> drainObsolete() {
        List<Position> drained = List.copyOf(obsolete);
        obsolete.clear();
        return drained;
    }
}
