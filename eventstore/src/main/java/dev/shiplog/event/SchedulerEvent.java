package dev.shiplog.event;

import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;

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
