/**
 * Owns: the node's end of a link to a control plane on another machine: streams down, POSTs up, all
 * begun by the node, over the API's own TLS port.
 *
 * <p>Never does: decide what is told or done; lose a report; give up while the program runs.
 *
 * <p>Read next: {@link dev.shiplog.node.link.remote.RemoteControlPlane}.
 */
@NullMarked
package dev.shiplog.node.link.remote;

import org.jspecify.annotations.NullMarked;
