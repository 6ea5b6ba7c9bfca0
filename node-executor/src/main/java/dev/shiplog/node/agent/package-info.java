/**
 * Owns: the assembly of a node: who it is, what it connects, which pods have a worker.
 *
 * <p>Never does: plan, or carry out, what happens to a pod.
 *
 * <p>Read next: {@link dev.shiplog.node.agent.NodeAgent}.
 */
@NullMarked
package dev.shiplog.node.agent;

import org.jspecify.annotations.NullMarked;
