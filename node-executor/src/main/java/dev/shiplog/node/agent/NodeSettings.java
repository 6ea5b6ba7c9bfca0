package dev.shiplog.node.agent;

import dev.shiplog.node.plan.NodeNames;
import dev.shiplog.resource.NodeName;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an operator decides about a node.
 *
 * @param node its name
 * @param labels in addition to those that say what the machine is
 * @param names where its pods look names up
 */
public record NodeSettings(NodeName node, SortedMap<String, String> labels, NodeNames names) {
    public NodeSettings {
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
    }

    public static NodeSettings of(NodeName node) {
        return new NodeSettings(node, Collections.emptySortedMap(), NodeNames.NONE);
    }

    /** The same node with a role, as {@code kubectl get nodes} shows it. */
    public NodeSettings withRole(String role) {
        SortedMap<String, String> more = new TreeMap<>(labels);
        more.put("node-role.kubernetes.io/" + role, "");
        return new NodeSettings(node, more, names);
    }

    /** The same node, whose pods look names up there. */
    public NodeSettings withNames(NodeNames value) {
        return new NodeSettings(node, labels, value);
    }
}
