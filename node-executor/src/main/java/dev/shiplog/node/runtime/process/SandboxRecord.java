package dev.shiplog.node.runtime.process;

import dev.shiplog.node.runtime.SandboxNames;
import dev.shiplog.node.runtime.SandboxSpec;
import dev.shiplog.node.runtime.SandboxSpec.PortMapping;
import dev.shiplog.node.runtime.SandboxStatus;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is written of a sandbox, before any of it is made: so a crash leaves nothing unknown.
 *
 * @param ip its address; the machine's with the host's network
 * @param created RFC 3339
 * @param names by which the pod knows itself and others; not in what earlier versions wrote
 */
record SandboxRecord(
        String id,
        String podUid,
        String namespace,
        String podName,
        String hostname,
        SortedMap<String, String> labels,
        boolean hostNetwork,
        List<PortMapping> ports,
        String ip,
        String created,
        @Nullable SandboxNames names) {
    SandboxRecord {
        ports = List.copyOf(ports);
    }

    static SandboxRecord of(String id, SandboxSpec spec, String ip, Instant now) {
        return new SandboxRecord(
                id,
                spec.podUid(),
                spec.namespace(),
                spec.podName(),
                spec.hostname(),
                new TreeMap<>(spec.labels()),
                spec.hostNetwork(),
                spec.ports(),
                ip,
                now.toString(),
                spec.names());
    }

    /** The machine's side of its cable; 15 characters at most. */
    String cable() {
        return "sv" + id;
    }

    SandboxNames knownNames() {
        return names == null ? SandboxNames.of(hostname) : names;
    }

    SandboxStatus status(boolean running) {
        return new SandboxStatus(
                id, podUid, namespace, podName, running, running ? ip : "", Instant.parse(created));
    }
}
