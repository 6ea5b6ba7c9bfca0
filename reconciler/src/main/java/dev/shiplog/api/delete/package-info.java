/**
 * Owns: deletion through the API.
 *
 * <p>Never does: decide what a deletion does; {@code dev.shiplog.decide} does.
 *
 * <p>Read next: {@link dev.shiplog.api.delete.Deletes}.
 */
@NullMarked
package dev.shiplog.api.delete;

import org.jspecify.annotations.NullMarked;
