/**
 * Owns: what becomes of CertificateSigningRequests: who asked, what may be decided about them, and
 * the signers that issue what was approved.
 *
 * <p>Never does: hold the authority's key; {@code api.tls} signs with it. Nothing of this is part of
 * a decision or of the fold: a certificate comes into the log as the status of its request.
 *
 * <p>Read next: {@link dev.shiplog.api.certificates.Signing}.
 */
@NullMarked
package dev.shiplog.api.certificates;

import org.jspecify.annotations.NullMarked;
