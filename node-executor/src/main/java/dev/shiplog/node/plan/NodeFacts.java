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
 */
public record NodeFacts(
        NodeName node, List<String> addresses, String runtime, long cpuNanos, long memoryBytes) {
    public NodeFacts {
        addresses = List.copyOf(addresses);
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException(
                    "expected an address of node " + node + ", found none");
        }
    }
}
