package dev.shiplog.api.tls;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;

/** A certificate and the P-256 key that belongs to it. */
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
        if (key instanceof ECPrivateKey privateKey
                && certificate.getPublicKey() instanceof ECPublicKey publicKey) {
            return Pem.key(privateKey, publicKey);
        }
        throw new IllegalStateException("expected an EC key, found " + key.getAlgorithm());
    }
}
