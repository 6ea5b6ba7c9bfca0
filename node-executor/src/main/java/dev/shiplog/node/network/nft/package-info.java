/**
 * Owns: tables of nftables, changed in transactions.
 *
 * <p>Never does: know what a rule is for.
 *
 * <p>Read next: {@link dev.shiplog.node.network.nft.Nft}.
 */
@NullMarked
package dev.shiplog.node.network.nft;

import org.jspecify.annotations.NullMarked;
