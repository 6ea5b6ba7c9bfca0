/**
 * Owns: showing that the log is what it was: a replay of all of it, from zero, with every hash
 * checked and every event folded.
 *
 * <p>Never does: write.
 *
 * <p>Read next: {@link dev.shiplog.journal.proof.Replay}.
 */
@NullMarked
package dev.shiplog.journal.proof;

import org.jspecify.annotations.NullMarked;
