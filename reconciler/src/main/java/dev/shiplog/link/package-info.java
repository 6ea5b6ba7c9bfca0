/**
 * Owns: the control plane's end of a node's link, in this process: orders out of the log, reports
 * into it.
 *
 * <p>Never does: decide what a node should run. Orders are recorded by controllers and by
 * deletions; here they are passed on.
 *
 * <p>Read next: {@link dev.shiplog.link.LedgerControlPlane}.
 */
@NullMarked
package dev.shiplog.link;

import org.jspecify.annotations.NullMarked;
