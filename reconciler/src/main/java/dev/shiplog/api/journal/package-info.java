/**
 * Owns: how refusals and sessions get into the log: folded and rationed, so that nobody can fill it
 * by asking for what they may not have.
 *
 * <p>Never does: decide what is refused.
 *
 * <p>Read next: {@link dev.shiplog.api.journal.LedgerJournal}.
 */
@NullMarked
package dev.shiplog.api.journal;

import org.jspecify.annotations.NullMarked;
