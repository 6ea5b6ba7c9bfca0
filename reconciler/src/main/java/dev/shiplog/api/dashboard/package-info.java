/**
 * Owns: the page that shows a cluster to a person with a browser, and who is let in to see it.
 *
 * <p>Never does: change anything, or show more than whoever looks may list.
 *
 * <p>Read next: {@link dev.shiplog.api.dashboard.Dashboard}.
 */
@NullMarked
package dev.shiplog.api.dashboard;

import org.jspecify.annotations.NullMarked;
