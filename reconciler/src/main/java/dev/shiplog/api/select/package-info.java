/**
 * Owns: label and field selectors: parsing and matching.
 *
 * <p>Never does: know where the resources come from.
 *
 * <p>Read next: {@link dev.shiplog.api.select.Selection}.
 */
@NullMarked
package dev.shiplog.api.select;

import org.jspecify.annotations.NullMarked;
