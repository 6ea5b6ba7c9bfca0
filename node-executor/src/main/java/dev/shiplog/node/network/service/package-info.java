/**
 * Owns: what becomes of a packet to a Service: from its resources to elements of the packet
 * filter's maps, and the changes of those.
 *
 * <p>Never does: choose who stands behind a Service; touch a packet itself.
 *
 * <p>Read next: {@link dev.shiplog.node.network.service.Frontends}, {@link
 * dev.shiplog.node.network.service.ServiceTable}.
 */
@NullMarked
package dev.shiplog.node.network.service;

import org.jspecify.annotations.NullMarked;
