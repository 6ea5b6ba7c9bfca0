/**
 * Owns: what a client can ask about the server itself: groups, resources, version.
 *
 * <p>Never does: look at the state.
 *
 * <p>Read next: {@link dev.shiplog.api.discovery.Discovery}.
 */
@NullMarked
package dev.shiplog.api.discovery;

import org.jspecify.annotations.NullMarked;
