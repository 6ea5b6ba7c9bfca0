/**
 * Owns: the shell that turns the ring: follows the ledger, wakes controllers, submits what they ask
 * for, with cause and correlation.
 *
 * <p>Never does: decide what should happen; a controller does, and {@code dev.shiplog.decide} does
 * again.
 *
 * <p>Read next: {@link dev.shiplog.loop.Loop}, then {@link dev.shiplog.loop.Turn}.
 */
@NullMarked
package dev.shiplog.loop;

import org.jspecify.annotations.NullMarked;
