package dev.shiplog.node.agent;

import dev.shiplog.node.plan.NodeNames;
import dev.shiplog.resource.NodeName;

import java.util.Collections;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an operator decides about a node.
 *
 * @param node its name
 * @param labels in addition to those that say what the machine is
 * @param names where its pods look names up
 * @param podRange the range of addresses for pods that the node's machine has or could have; the
 *     cluster gives it to the node unless another has it. Empty for any
 * @param memoryBytes how much memory its pods may ask for together; empty for all that there is
 */
public record NodeSettings(
        NodeName node,
        SortedMap<String, String> labels,
        NodeNames names,
        String podRange,
        OptionalLong memoryBytes) {
    /** A node with all the memory of its machine. */
    public NodeSettings(
            NodeName node, SortedMap<String, String> labels, NodeNames names, String podRange) {
        this(node, labels, names, podRange, OptionalLong.empty());
    }

    public NodeSettings {
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
    }

    public static NodeSettings of(NodeName node) {
        return new NodeSettings(node, Collections.emptySortedMap(), NodeNames.NONE, "");
    }

    /** The same node with a role, as {@code kubectl get nodes} shows it. */
    public NodeSettings withRole(String role) {
        SortedMap<String, String> more = new TreeMap<>(labels);
        more.put("node-role.kubernetes.io/" + role, "");
        return new NodeSettings(node, more, names, podRange, memoryBytes);
    }

    /** The same node on a machine that has a range of addresses for its pods. */
    public NodeSettings withPodRange(String range) {
        return new NodeSettings(node, labels, names, range, memoryBytes);
    }

    /** The same node, whose pods look names up there. */
    public NodeSettings withNames(NodeNames value) {
        return new NodeSettings(node, labels, value, podRange, memoryBytes);
    }

    /** The same node, of whose memory only so much is for pods. */
    public NodeSettings withMemory(OptionalLong bytes) {
        return new NodeSettings(node, labels, names, podRange, bytes);
    }

    /** How much memory pods may ask for together on a machine that has so much. */
    long allocatableBytes(long installed) {
        return Math.min(memoryBytes.orElse(installed), installed);
    }
}
