/**
 * Owns: asking a container how it is, and telling it of its start and its end: what a probe or a
 * hook does, over the network or inside the container, once, within a time limit.
 *
 * <p>Never does: count answers, decide what follows from them, or say when to ask again: that is
 * {@code dev.shiplog.node.plan}'s.
 *
 * <p>Read next: {@link dev.shiplog.node.probe.Handler}, then {@link
 * dev.shiplog.node.probe.NetworkProber}.
 */
@NullMarked
package dev.shiplog.node.probe;

import org.jspecify.annotations.NullMarked;
