/**
 * Owns: a node's network put together: it follows the cluster, and keeps pods' network, Services
 * and ways to other nodes as they should be.
 *
 * <p>Never does: what its parts do.
 *
 * <p>Read next: {@link dev.shiplog.node.network.plane.NodeNetwork}.
 */
@NullMarked
package dev.shiplog.node.network.plane;

import org.jspecify.annotations.NullMarked;
