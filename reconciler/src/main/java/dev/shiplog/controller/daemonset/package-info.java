/**
 * Owns: DaemonSet: one pod on every node that suits it, replaced at the pace that its strategy
 * allows; and the record of its templates.
 *
 * <p>Never does: bind a pod (it asks for one node by affinity, and {@code scheduler} binds it), or
 * move one from a node that was lost.
 *
 * <p>Read next: {@link dev.shiplog.controller.daemonset.DaemonSetController}, then {@link
 * dev.shiplog.controller.daemonset.RollingUpdate}.
 */
@NullMarked
package dev.shiplog.controller.daemonset;

import org.jspecify.annotations.NullMarked;
