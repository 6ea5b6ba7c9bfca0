/**
 * Owns: Events that clients post: folded into the notes of the log, and kept from flooding it.
 *
 * <p>Never does: serve Events; they are read as any other resource.
 *
 * <p>Read next: {@link dev.shiplog.api.events.ClientEvents}.
 */
@NullMarked
package dev.shiplog.api.events;

import org.jspecify.annotations.NullMarked;
