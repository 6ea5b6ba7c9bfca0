/**
 * Owns: what answers requests from outside for the hosts and paths that Ingresses name, on this
 * node: which Service they mean, and the proxy that passes them on to its pods.
 *
 * <p>Never does: load the proxy's library before there is an Ingress.
 *
 * <p>Read next: {@link dev.shiplog.node.network.ingress.Routes}, then {@link
 * dev.shiplog.node.network.ingress.ClusterIngress}.
 */
@NullMarked
package dev.shiplog.node.network.ingress;

import org.jspecify.annotations.NullMarked;
