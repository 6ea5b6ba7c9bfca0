/**
 * Owns: the form in which the node's port to the control plane travels between machines: JSON, one
 * message a line.
 *
 * <p>Never does: send anything.
 *
 * <p>Read next: {@link dev.shiplog.node.link.wire.LinkCodec}.
 */
@NullMarked
package dev.shiplog.node.link.wire;

import org.jspecify.annotations.NullMarked;
