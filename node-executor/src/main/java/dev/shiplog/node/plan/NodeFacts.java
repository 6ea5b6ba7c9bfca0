package dev.shiplog.node.plan;

import dev.shiplog.resource.NodeName;

import java.util.List;

/**
 * What pods may know of their node.
 *
 * @param addresses the machine's addresses, the preferred one first; at least one
 * @param runtime the name of the runtime, which stands before each container id: {@code docker}
 * @param cpuNanos allocatable processor time in billionths of a core
 * @param memoryBytes allocatable memory
 * @param names where names are looked up
 */
public record NodeFacts(
        NodeName node,
        List<String> addresses,
        String runtime,
        long cpuNanos,
        long memoryBytes,
        NodeNames names) {
    public NodeFacts {
        addresses = List.copyOf(addresses);
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException(
                    "expected an address of node " + node + ", found none");
        }
    }

    /** Those of a node where no names are looked up. */
    public NodeFacts(
            NodeName node, List<String> addresses, String runtime, long cpuNanos, long memoryBytes) {
        this(node, addresses, runtime, cpuNanos, memoryBytes, NodeNames.NONE);
    }
}
