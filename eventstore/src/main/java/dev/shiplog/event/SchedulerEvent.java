package dev.shiplog.event;

import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;

import java.util.List;
import java.util.SortedMap;

/** What a scheduler decided. */
public sealed interface SchedulerEvent extends Event {
    ResourceKey pod();

    Uid uid();

    /**
     * A pod got its node.
     *
     * @param scheduler which scheduler, such as {@code default-scheduler}
     * @param feasible how many nodes could have taken it
     * @param score the winner's score, 0 to 100
     */
    record PodBound(
            ResourceKey pod, Uid uid, NodeName node, String scheduler, int feasible, int score)
            implements SchedulerEvent {}

    /**
     * A pod that fits nowhere is to get a node once others have gone from it. The deletion of its
     * victims follows in the same append.
     *
     * @param victims whom it drives out; none if they go anyway
     */
    record PodNominated(
            ResourceKey pod, Uid uid, NodeName node, String scheduler, List<ResourceKey> victims)
            implements SchedulerEvent {
        public PodNominated {
            victims = List.copyOf(victims);
        }
    }

    /** A pod waits for no particular node any more. */
    record NominationWithdrawn(ResourceKey pod, Uid uid, String scheduler)
            implements SchedulerEvent {}

    /**
     * No node can take a pod for now.
     *
     * @param objections each distinct objection and how many nodes raised it
     * @param message the objections as kubectl users know them: {@code 0/3 nodes are available: …}
     */
    record PodUnschedulable(
            ResourceKey pod,
            Uid uid,
            String scheduler,
            SortedMap<String, Integer> objections,
            String message)
            implements SchedulerEvent {}
}
