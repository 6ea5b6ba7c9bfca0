/**
 * Owns: reading containers' logs through the API.
 *
 * <p>Never does: know where logs are kept.
 *
 * <p>Read next: {@link dev.shiplog.api.logs.LogReads}.
 */
@NullMarked
package dev.shiplog.api.logs;

import org.jspecify.annotations.NullMarked;
