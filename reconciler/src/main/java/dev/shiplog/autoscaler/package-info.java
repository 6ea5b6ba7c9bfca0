/**
 * Owns: the turn of the autoscalers: every few seconds what their pods use is measured, and handed
 * to {@code dev.shiplog.controller.autoscaler} with what was recommended before.
 *
 * <p>Never does: decide, or write measurements into the log; only a change of size, and of what an
 * autoscaler shows of itself, is written.
 *
 * <p>Read next: {@link dev.shiplog.autoscaler.Autoscaling}.
 */
@NullMarked
package dev.shiplog.autoscaler;

import org.jspecify.annotations.NullMarked;
