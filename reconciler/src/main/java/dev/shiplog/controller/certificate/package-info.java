/**
 * Owns: how long requests for certificates are kept.
 *
 * <p>Never does: approve or sign them; that is {@code api.certificates}.
 *
 * <p>Read next: {@link dev.shiplog.controller.certificate.SigningRequestGarbageController}.
 */
@NullMarked
package dev.shiplog.controller.certificate;

import org.jspecify.annotations.NullMarked;
