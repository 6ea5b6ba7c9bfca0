/**
 * Owns: telling the cluster what became of pods: the pod's status as a document, and the way of
 * reports to the control plane, gathered and never lost.
 *
 * <p>Never does: decide what should run, or what a container's state is.
 *
 * <p>Read next: {@link dev.shiplog.node.report.PodStatusWriter}, then {@link
 * dev.shiplog.node.report.Reporter}.
 */
@NullMarked
package dev.shiplog.node.report;

import org.jspecify.annotations.NullMarked;
