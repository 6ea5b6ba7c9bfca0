/**
 * Owns: how much one client may ask for, so that the others get their share.
 *
 * <p>Never does: know what is asked for.
 *
 * <p>Read next: {@link dev.shiplog.api.auth.limit.RequestLimits}.
 */
@NullMarked
package dev.shiplog.api.auth.limit;

import org.jspecify.annotations.NullMarked;
