package dev.shiplog.node.runtime;

import java.util.List;
import java.util.SortedMap;

/**
 * A pod's shared surroundings.
 *
 * @param podUid identity of the pod's life
 * @param hostname what {@code hostname} says in its containers; at most 63 characters
 * @param labels the pod's labels, kept with the sandbox for people who look at the runtime
 * @param hostNetwork whether it uses the machine's network instead of its own
 * @param ports ports that the machine forwards into the pod
 */
public record SandboxSpec(
        String podUid,
        String namespace,
        String podName,
        String hostname,
        SortedMap<String, String> labels,
        boolean hostNetwork,
        List<PortMapping> ports) {
    public SandboxSpec {
        ports = List.copyOf(ports);
    }

    /**
     * @param protocol {@code TCP}, {@code UDP} or {@code SCTP}
     */
    public record PortMapping(int hostPort, int containerPort, String protocol, String hostIp) {}
}
