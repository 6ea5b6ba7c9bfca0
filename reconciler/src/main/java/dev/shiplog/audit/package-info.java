/**
 * Owns: questions about the past — who did what, when, why; what the cluster was at a moment; what
 * differs between two; what led to something — as values and as text.
 *
 * <p>Never does: change anything. It reads a {@link dev.shiplog.ledger.History} and nothing else,
 * so it works on a cluster that is stopped.
 *
 * <p>Read next: {@link dev.shiplog.audit.Moment}, then {@link dev.shiplog.audit.Trail}.
 */
@NullMarked
package dev.shiplog.audit;

import org.jspecify.annotations.NullMarked;
