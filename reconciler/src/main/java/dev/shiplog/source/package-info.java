/**
 * Owns: the way from a commit to a command: which files of it are manifests, what they declare now
 * and declared before, the difference, and the plan that is shown to whoever pushed.
 *
 * <p>Never does: import a Git library, touch a network or a disk, decide (see {@code decide}), or
 * write state except by submitting commands to the ledger.
 *
 * <p>Read next: {@link dev.shiplog.source.Difference}, then {@link dev.shiplog.source.Intake}.
 */
@NullMarked
package dev.shiplog.source;

import org.jspecify.annotations.NullMarked;
