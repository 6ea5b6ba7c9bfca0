/**
 * Owns: what a node should do next about one pod: desired document × what really runs × what has
 * been tried → effects, and when to look again. Pure functions with the semantics of Kubernetes'
 * kubelet.
 *
 * <p>Never does: I/O, clocks, threads. It neither starts a container nor reports one.
 *
 * <p>Read next: {@link dev.shiplog.node.plan.PodPlan}, then {@link
 * dev.shiplog.node.plan.ContainerPlan}.
 */
@NullMarked
package dev.shiplog.node.plan;

import org.jspecify.annotations.NullMarked;
