/**
 * Owns: JSON Web Tokens (RFC 7519): those of service accounts, which the cluster signs itself, and
 * those of an OpenID Connect issuer.
 *
 * <p>Never does: accept a token without a signature, or one signed with a secret that is shared.
 *
 * <p>Read next: {@link dev.shiplog.api.auth.jwt.ServiceAccountTokens}, then {@link
 * dev.shiplog.api.auth.jwt.OidcTokens}.
 */
@NullMarked
package dev.shiplog.api.auth.jwt;

import org.jspecify.annotations.NullMarked;
