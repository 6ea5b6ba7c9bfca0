/**
 * Owns: the vocabulary of what can have happened. Every change of the cluster is one of these
 * records; names are in the past tense. Events are for ever: a shape that must change becomes a new
 * version with an upcaster in {@link dev.shiplog.event.EventCodec}.
 *
 * <p>Never does: decide. Only {@code dev.shiplog.decide} makes events.
 *
 * <p>Read next: {@link dev.shiplog.event.Event}, then {@code dev.shiplog.state.ClusterState}.
 */
@NullMarked
package dev.shiplog.event;

import org.jspecify.annotations.NullMarked;
