/**
 * Owns: following changes: what changed, a bounded memory of it, and one cursor per watcher.
 *
 * <p>Never does: buffer for a slow reader.
 *
 * <p>Read next: {@link dev.shiplog.api.watch.ChangeLog}.
 */
@NullMarked
package dev.shiplog.api.watch;

import org.jspecify.annotations.NullMarked;
