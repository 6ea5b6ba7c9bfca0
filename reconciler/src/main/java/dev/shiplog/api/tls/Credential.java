package dev.shiplog.api.tls;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;

/** A certificate and the key that belongs to it. */
public record Credential(X509Certificate certificate, PrivateKey key) {

    /** The certificate as PEM. */
    public String certificatePem() {
        try {
            return Pem.certificate(certificate);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a certificate could not be encoded", e);
        }
    }

    /** The key as PKCS#8 PEM. */
    public String keyPem() {
        return Pem.key(key);
    }
}
