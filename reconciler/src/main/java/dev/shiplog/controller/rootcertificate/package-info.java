/**
 * Owns: that every namespace has the ConfigMap {@code kube-root-ca.crt}, by which its pods know the
 * API server.
 *
 * <p>Never does: make certificates; it copies what the cluster has published.
 *
 * <p>Read next: {@link dev.shiplog.controller.rootcertificate.RootCertificateController}.
 */
@NullMarked
package dev.shiplog.controller.rootcertificate;

import org.jspecify.annotations.NullMarked;
