/**
 * Owns: the vocabulary of what can be asked for. Names are imperative. A command carries what it
 * was computed from, so that {@code decide} can refuse it when that no longer holds.
 *
 * <p>Never does: anything. {@code dev.shiplog.decide} turns a command into events or a refusal.
 *
 * <p>Read next: {@link dev.shiplog.command.Command}, then {@code dev.shiplog.decide.Decider}.
 */
@NullMarked
package dev.shiplog.command;

import org.jspecify.annotations.NullMarked;
