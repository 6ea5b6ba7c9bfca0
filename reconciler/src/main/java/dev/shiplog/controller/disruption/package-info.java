/**
 * Owns: the status of PodDisruptionBudgets: how many of their pods may go now.
 *
 * <p>Never does: allow or refuse an eviction; {@code dev.shiplog.decide} does, on what is true at
 * that moment.
 *
 * <p>Read next: {@link dev.shiplog.controller.disruption.DisruptionController}.
 */
@NullMarked
package dev.shiplog.controller.disruption;

import org.jspecify.annotations.NullMarked;
