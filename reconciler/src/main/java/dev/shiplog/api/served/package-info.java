/**
 * Owns: which resources are served under which API versions, and how they are rendered there.
 *
 * <p>Never does: answer requests.
 *
 * <p>Read next: {@link dev.shiplog.api.served.ServedResources}.
 */
@NullMarked
package dev.shiplog.api.served;

import org.jspecify.annotations.NullMarked;
