/**
 * Owns: the network of a node: its pods, the Services that they are behind, the other nodes.
 *
 * <p>Never does: run containers; decide who gets which address of the cluster.
 *
 * <p>Read next: {@link dev.shiplog.node.network.pod.PodNetwork}, {@link
 * dev.shiplog.node.network.service.ServiceTable}.
 */
@NullMarked
package dev.shiplog.node.network;

import org.jspecify.annotations.NullMarked;
