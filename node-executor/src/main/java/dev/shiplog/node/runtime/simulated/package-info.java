/**
 * Owns: a runtime whose pods are entries in a table. Containers "start" after a delay and end as
 * their command says, on a clock and a scheduler that the caller hands in: real time, or a
 * simulation's. Thousands of pods cost no more than their records.
 *
 * <p>Never does: start a process or a thread, read a clock of its own, or know what runs above it.
 *
 * <p>Read next: {@link dev.shiplog.node.runtime.simulated.SimulatedHost}, then {@link
 * dev.shiplog.node.runtime.simulated.Script}.
 */
@NullMarked
package dev.shiplog.node.runtime.simulated;

import org.jspecify.annotations.NullMarked;
