/**
 * Owns: how the values of Secrets are sealed to a cluster's public key and opened with its private
 * one, and which members of a Secret's document are sealed.
 *
 * <p>Never does: keep keys (its callers do, in files apart from the log) or let a plain value into
 * a message.
 *
 * <p>Read next: {@link dev.shiplog.resource.secret.SealedText}, then {@link
 * dev.shiplog.resource.secret.SecretDocuments}.
 */
@NullMarked
package dev.shiplog.resource.secret;

import org.jspecify.annotations.NullMarked;
