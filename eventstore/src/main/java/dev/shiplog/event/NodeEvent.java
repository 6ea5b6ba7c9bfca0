package dev.shiplog.event;

import dev.shiplog.resource.Json;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;
import dev.shiplog.resource.Work;

import java.util.SortedMap;

/** What happened between the cluster and one node. */
public sealed interface NodeEvent extends Event {
    NodeName node();

    /** A node introduced itself, for the first time or with changed facts. */
    record NodeRegistered(
            NodeName node, Uid uid, SortedMap<String, String> labels, Json body, Json status)
            implements NodeEvent {}

    /** The node was told to do something. The order's id is the position of this event. */
    record WorkOrdered(NodeName node, Work work) implements NodeEvent {}

    /** The node has taken up an order, or found that there is nothing left to do for it. */
    record WorkAcknowledged(NodeName node, Position order) implements NodeEvent {}

    /** The node observed a change of a pod; this is the pod's whole new status. */
    record PodReported(NodeName node, ResourceKey pod, Uid uid, Json status) implements NodeEvent {}
}
