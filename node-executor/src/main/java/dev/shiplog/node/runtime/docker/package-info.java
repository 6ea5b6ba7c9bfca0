/**
 * Owns: the runtime that asks a Docker Engine (API 1.41 or newer) to run pods. A pod is a sandbox
 * container, whose network, UTS and IPC namespaces the pod's containers join. Labels on the
 * containers are the only record of what belongs to whom.
 *
 * <p>Never does: keep state that a restart would lose, need a registry for its own parts, or touch
 * a container without this cluster's labels.
 *
 * <p>Read next: {@link dev.shiplog.node.runtime.docker.DockerRuntime}, then {@link
 * dev.shiplog.node.runtime.docker.Engine}.
 */
@NullMarked
package dev.shiplog.node.runtime.docker;

import org.jspecify.annotations.NullMarked;
