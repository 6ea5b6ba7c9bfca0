package dev.shiplog.api.tls;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;

/**
 * The textual form of certificates and PKCS#8 keys (RFC 7468), read and written by the JDK alone.
 */
final class Pem {
    private static final Base64.Encoder LINES =
            Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

    private Pem() {}

    static String certificate(X509Certificate certificate) throws CertificateEncodingException {
        return block("CERTIFICATE", certificate.getEncoded());
    }

    static String key(PrivateKey key) {
        return block("PRIVATE KEY", key.getEncoded());
    }

    static List<X509Certificate> readCertificates(String text) throws CertificateException {
        Collection<? extends java.security.cert.Certificate> found =
                CertificateFactory.getInstance("X.509")
                        .generateCertificates(
                                new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)));
        if (found.isEmpty()) {
            throw new CertificateException("expected a PEM certificate, found none");
        }
        return found.stream().map(X509Certificate.class::cast).toList();
    }

    static PrivateKey readKey(String text) throws GeneralSecurityException {
        String begin = "-----BEGIN PRIVATE KEY-----";
        int start = text.indexOf(begin);
        int end = text.indexOf("-----END PRIVATE KEY-----");
        if (start < 0 || end < start) {
            throw new GeneralSecurityException("expected a PEM private key (PKCS#8), found none");
        }
        try {
            byte[] encoded =
                    Base64.getMimeDecoder().decode(text.substring(start + begin.length(), end));
            return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (IllegalArgumentException e) {
            throw new GeneralSecurityException("expected base64 in a PEM private key", e);
        }
    }

    private static String block(String label, byte[] content) {
        return "-----BEGIN "
                + label
                + "-----\n"
                + LINES.encodeToString(content)
                + "\n-----END "
                + label
                + "-----\n";
    }
}
