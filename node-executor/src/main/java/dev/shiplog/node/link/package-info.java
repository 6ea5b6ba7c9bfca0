/**
 * Owns: the port from a node to its control plane: orders come down, reports go up.
 *
 * <p>Never does: know whether the control plane is in this process or across a network.
 *
 * <p>Read next: {@link dev.shiplog.node.link.ControlPlane}.
 */
@NullMarked
package dev.shiplog.node.link;

import org.jspecify.annotations.NullMarked;
