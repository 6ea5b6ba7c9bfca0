package dev.shiplog.api.tls;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;

/** Signs what others ask for, with the cluster's key. The key does not leave this class. */
public final class CertificateAuthority {
    private final Credential authority;

    public CertificateAuthority(Credential authority) {
        this.authority = authority;
    }

    /**
     * A certificate of a client, as PEM. It ends with the authority's own at the latest.
     *
     * @param encipherment whether its key may encipher keys, which RSA needs
     */
    public String client(
            CertificateRequest request, boolean encipherment, Instant now, Duration life)
            throws GeneralSecurityException {
        Duration most =
                Duration.between(now, authority.certificate().getNotAfter().toInstant());
        X509Certificate certificate =
                Issuer.client(
                        authority,
                        request,
                        encipherment,
                        now,
                        life.compareTo(most) > 0 ? most : life);
        return Pem.certificate(certificate);
    }
}
