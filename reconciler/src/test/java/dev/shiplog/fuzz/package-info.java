/**
 * Owns: which parts are fed with what nobody in their right mind would send, and the inputs that
 * once broke them.
 *
 * <p>Read next: {@link dev.shiplog.fuzz.FuzzIT}.
 */
@NullMarked
package dev.shiplog.fuzz;

import org.jspecify.annotations.NullMarked;
