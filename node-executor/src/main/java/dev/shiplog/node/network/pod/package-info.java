/**
 * Owns: pods' addresses, the bridge that they are plugged into, the way out, ports of the machine.
 *
 * <p>Never does: know what runs in a network namespace, or which Service a pod is behind.
 *
 * <p>Read next: {@link dev.shiplog.node.network.pod.PodNetwork}.
 */
@NullMarked
package dev.shiplog.node.network.pod;

import org.jspecify.annotations.NullMarked;
