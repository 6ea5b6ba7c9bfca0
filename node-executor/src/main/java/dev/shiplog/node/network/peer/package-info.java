/**
 * Owns: the ways to the pods of other nodes.
 *
 * <p>Never does: know pods or Services.
 *
 * <p>Read next: {@link dev.shiplog.node.network.peer.Peers}.
 */
@NullMarked
package dev.shiplog.node.network.peer;

import org.jspecify.annotations.NullMarked;
