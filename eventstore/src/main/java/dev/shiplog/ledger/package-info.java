/**
 * Owns: the meeting point of log and state: submit a command, hold the newest revision, follow what
 * happens.
 *
 * <p>Never does: decide or evolve by itself; it calls the pure functions that do.
 *
 * <p>Read next: {@link dev.shiplog.ledger.Ledger}.
 */
@NullMarked
package dev.shiplog.ledger;

import org.jspecify.annotations.NullMarked;
