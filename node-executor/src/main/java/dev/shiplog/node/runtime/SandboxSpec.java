package dev.shiplog.node.runtime;

import java.util.List;
import java.util.SortedMap;

/**
 * A pod's shared surroundings.
 *
 * @param podUid identity of the pod's life
 * @param hostname what {@code hostname} says in its containers; at most 64 characters, and none of
 *     the pod's own where it uses the machine's network
 * @param labels the pod's labels, kept with the sandbox for people who look at the runtime
 * @param hostNetwork whether it uses the machine's network instead of its own
 * @param ports ports that the machine forwards into the pod
 * @param names by which the pod knows itself and others
 */
public record SandboxSpec(
        String podUid,
        String namespace,
        String podName,
        String hostname,
        SortedMap<String, String> labels,
        boolean hostNetwork,
        List<PortMapping> ports,
        SandboxNames names) {
    public SandboxSpec {
        ports = List.copyOf(ports);
    }

    /** One that knows nobody but itself. */
    public SandboxSpec(
            String podUid,
            String namespace,
            String podName,
            String hostname,
            SortedMap<String, String> labels,
            boolean hostNetwork,
            List<PortMapping> ports) {
        this(
                podUid,
                namespace,
                podName,
                hostname,
                labels,
                hostNetwork,
                ports,
                SandboxNames.of(hostname));
    }

    /**
     * @param protocol {@code TCP}, {@code UDP} or {@code SCTP}
     */
    public record PortMapping(int hostPort, int containerPort, String protocol, String hostIp) {}
}
