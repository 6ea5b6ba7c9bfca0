/**
 * Owns: the arrows between packages, as tests.
 *
 * <p>Never does: test behaviour.
 *
 * <p>Read next: {@link dev.shiplog.architecture.ReconcilerArrowsTest}.
 */
@NullMarked
package dev.shiplog.architecture;

import org.jspecify.annotations.NullMarked;
