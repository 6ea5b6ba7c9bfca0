/**
 * Owns: that every namespace has the service account {@code default}, which pods run as that name
 * no other.
 *
 * <p>Never does: issue tokens.
 *
 * <p>Read next: {@link dev.shiplog.controller.serviceaccount.ServiceAccountController}.
 */
@NullMarked
package dev.shiplog.controller.serviceaccount;

import org.jspecify.annotations.NullMarked;
