/**
 * Owns: the cluster's names on this node: answers to DNS queries from what the cluster knows, and
 * from the machine's own name servers for everything else.
 *
 * <p>Never does: decide which names a pod looks up first ({@code node.plan} writes that into its
 * files), or bring packets here.
 *
 * <p>Read next: {@link dev.shiplog.node.network.dns.ClusterZone}, then {@link
 * dev.shiplog.node.network.dns.Responder}.
 */
@NullMarked
package dev.shiplog.node.network.dns;

import org.jspecify.annotations.NullMarked;
