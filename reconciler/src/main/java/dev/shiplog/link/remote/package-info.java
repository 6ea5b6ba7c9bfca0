/**
 * Owns: the control plane's end of the links of nodes on other machines: what a node may say and
 * see, and the streams to it.
 *
 * <p>Never does: trust what a node says of another; begin a connection to a node: nodes may stand
 * behind others.
 *
 * <p>Read next: {@link dev.shiplog.link.remote.NodeLinks}.
 */
@NullMarked
package dev.shiplog.link.remote;

import org.jspecify.annotations.NullMarked;
