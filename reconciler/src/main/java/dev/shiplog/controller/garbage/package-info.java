/**
 * Owns: what becomes of dependents when their owners go, and of owners that wait for them.
 *
 * <p>Never does: orphan: that is done in the moment of the deletion.
 *
 * <p>Read next: {@link dev.shiplog.controller.garbage.GarbageController}.
 */
@NullMarked
package dev.shiplog.controller.garbage;

import org.jspecify.annotations.NullMarked;
