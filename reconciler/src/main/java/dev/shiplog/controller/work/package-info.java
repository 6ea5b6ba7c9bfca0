/**
 * Owns: what each node is told: which pods to run and which to stop.
 *
 * <p>Never does: run them; {@code dev.shiplog.node} does.
 *
 * <p>Read next: {@link dev.shiplog.controller.work.WorkController}.
 */
@NullMarked
package dev.shiplog.controller.work;

import org.jspecify.annotations.NullMarked;
