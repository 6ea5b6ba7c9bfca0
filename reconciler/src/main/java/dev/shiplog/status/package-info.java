/**
 * Owns: how conditions change: {@link dev.shiplog.status.Conditions} is the one place that turns
 * what controllers found into conditions.
 *
 * <p>Never does: find anything out by itself, or ask the time.
 *
 * <p>Read next: {@link dev.shiplog.status.Conditions}.
 */
@NullMarked
package dev.shiplog.status;

import org.jspecify.annotations.NullMarked;
