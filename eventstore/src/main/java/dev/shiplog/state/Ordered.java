package dev.shiplog.state;

import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.Work;

/**
 * The newest order given for one life of a pod. Kept until the pod is removed, acknowledged or not,
 * so that no order is given twice.
 *
 * @param id the order's id: the position at which it was recorded
 * @param node who was told
 */
public record Ordered(Position id, NodeName node, Work work) {}
