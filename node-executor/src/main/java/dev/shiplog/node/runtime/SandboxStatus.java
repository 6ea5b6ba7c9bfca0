package dev.shiplog.node.runtime;

import java.time.Instant;

/**
 * A sandbox as it is.
 *
 * @param id the runtime's own id
 * @param running whether its namespaces are alive
 * @param ip the pod's address; the machine's with the host's network; empty when not running
 */
public record SandboxStatus(
        String id,
        String podUid,
        String namespace,
        String podName,
        boolean running,
        String ip,
        Instant created) {}
