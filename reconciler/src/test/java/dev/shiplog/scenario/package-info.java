/**
 * Owns: whole clusters in one thread, for tests: scripts whose complete output is compared, and
 * seeded simulations.
 *
 * <p>Never does: run anything, or wait.
 *
 * <p>Read next: {@link dev.shiplog.scenario.Scenario}, then the scripts in {@code
 * src/test/resources/scenarios}.
 */
@NullMarked
package dev.shiplog.scenario;

import org.jspecify.annotations.NullMarked;
