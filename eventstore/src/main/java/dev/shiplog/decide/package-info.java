/**
 * Owns: the rules. {@link dev.shiplog.decide.Decider} takes a state and a command and says which
 * events follow, or why none do. The only maker of events.
 *
 * <p>Never does: change anything, look at a clock, or make up an id: both are parameters.
 *
 * <p>Read next: {@link dev.shiplog.decide.Decider#decide}.
 */
@NullMarked
package dev.shiplog.decide;

import org.jspecify.annotations.NullMarked;
