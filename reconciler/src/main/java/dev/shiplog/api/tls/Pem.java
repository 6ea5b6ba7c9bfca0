package dev.shiplog.api.tls;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;

/**
 * The textual form of certificates and PKCS#8 keys (RFC 7468), read and written by the JDK alone.
 */
final class Pem {
    private static final Base64.Encoder LINES =
            Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

    /** The bytes of a P-256 field element. */
    private static final int FIELD = 32;

    /** PrivateKeyInfo{0, {ecPublicKey, prime256v1}, ECPrivateKey{1, key… */
    private static final byte[] PREFIX =
            HexFormat.of()
                    .parseHex(
                            "308187020100301306072a8648ce3d020106082a8648ce3d030107"
                                    + "046d306b0201010420");

    /** …, [1] uncompressed point…}}. */
    private static final byte[] MIDDLE = HexFormat.of().parseHex("a14403420004");

    private Pem() {}

    static String certificate(X509Certificate certificate) throws CertificateEncodingException {
        return block("CERTIFICATE", certificate.getEncoded());
    }

    /**
     * A P-256 key as PKCS#8 with its public key inside (RFC 5958, RFC 5915). The JDK leaves the
     * public key out, and GnuTLS, which Debian's git uses, does not accept that.
     */
    static String key(ECPrivateKey key, ECPublicKey publicKey) {
        byte[] encoded = new byte[PREFIX.length + FIELD + MIDDLE.length + 2 * FIELD];
        ByteBuffer.wrap(encoded)
                .put(PREFIX)
                .put(field(key.getS()))
                .put(MIDDLE)
                .put(field(publicKey.getW().getAffineX()))
                .put(field(publicKey.getW().getAffineY()));
        return block("PRIVATE KEY", encoded);
    }

    /** A number in exactly as many bytes as the field's elements have. */
    private static byte[] field(BigInteger number) {
        byte[] bytes = number.toByteArray();
        byte[] fixed = new byte[FIELD];
        int length = Math.min(bytes.length, FIELD);
        System.arraycopy(bytes, bytes.length - length, fixed, FIELD - length, length);
        return fixed;
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

    static String block(String label, byte[] content) {
        return "-----BEGIN "
                + label
                + "-----\n"
                + LINES.encodeToString(content)
                + "\n-----END "
                + label
                + "-----\n";
    }
}
