/**
 * Owns: the cluster's own certificate authority, the certificates and the token that it issues, and
 * the kubeconfig.
 *
 * <p>Never does: terminate TLS; that is {@code api.http}.
 *
 * <p>Read next: {@link dev.shiplog.api.tls.TlsFiles}.
 */
@NullMarked
package dev.shiplog.api.tls;

import org.jspecify.annotations.NullMarked;
