/**
 * Owns: the door of the Git service: its URLs, headers and bodies.
 *
 * <p>Never does: speak the Git protocol.
 *
 * <p>Read next: {@link dev.shiplog.api.git.GitMount}.
 */
@NullMarked
package dev.shiplog.api.git;

import org.jspecify.annotations.NullMarked;
