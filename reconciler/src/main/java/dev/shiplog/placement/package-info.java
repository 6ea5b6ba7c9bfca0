/**
 * Owns: what a node says of itself and what a pod asks of one, in the words that the scheduler and
 * controllers that think of nodes share.
 *
 * <p>Never does: choose a node, or look at more than one.
 *
 * <p>Read next: {@link dev.shiplog.placement.NodeFacts}, then {@code dev.shiplog.scheduler}.
 */
@NullMarked
package dev.shiplog.placement;

import org.jspecify.annotations.NullMarked;
