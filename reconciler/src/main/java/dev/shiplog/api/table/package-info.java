/**
 * Owns: the forms in which resources are written: whole, as table rows, as metadata only.
 *
 * <p>Never does: choose which resources.
 *
 * <p>Read next: {@link dev.shiplog.api.table.Format}.
 */
@NullMarked
package dev.shiplog.api.table;

import org.jspecify.annotations.NullMarked;
