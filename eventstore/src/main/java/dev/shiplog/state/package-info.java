/**
 * Owns: what the log means. {@link dev.shiplog.state.ClusterState} is a fold of the events and
 * nothing else; a revision of it is an immutable value that readers hold for as long as they like.
 *
 * <p>Never does: I/O, clocks, threads, randomness; it never refuses an event either, for events are
 * facts.
 *
 * <p>Read next: {@link dev.shiplog.state.ClusterState#evolve}.
 */
@NullMarked
package dev.shiplog.state;

import org.jspecify.annotations.NullMarked;
