/**
 * Owns: measuring the store: durable commands a second beside the disk's own limit, and verified
 * replay.
 *
 * <p>Never does: assert a time.
 *
 * <p>Read next: {@link dev.shiplog.ledger.bench.StoreBench}.
 */
@NullMarked
package dev.shiplog.ledger.bench;

import org.jspecify.annotations.NullMarked;
