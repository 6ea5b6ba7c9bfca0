/**
 * Owns: resources that change by the second and are kept beside the log, in memory: Leases. Their
 * store, and the answers to requests about them.
 *
 * <p>Never does: promise that they outlive the process. Who holds a lease renews it.
 *
 * <p>Read next: {@link dev.shiplog.api.beside.BesideStore}.
 */
@NullMarked
package dev.shiplog.api.beside;

import org.jspecify.annotations.NullMarked;
