/**
 * Owns: get and list, at the newest revision and at past ones.
 *
 * <p>Never does: wait for changes; that is {@code api.watch}.
 *
 * <p>Read next: {@link dev.shiplog.api.read.Lists}.
 */
@NullMarked
package dev.shiplog.api.read;

import org.jspecify.annotations.NullMarked;
