package dev.shiplog.node.network.ingress;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads certificates and keys as {@code kubernetes.io/tls} Secrets hold them. Java knows only one
 * of the three usual forms of a key; the other two are wrapped into it.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5958">RFC 5958 (PKCS #8)</a>, <a
 *     href="https://www.rfc-editor.org/rfc/rfc8017#appendix-A.1.2">RFC 8017 (PKCS #1)</a>, <a
 *     href="https://www.rfc-editor.org/rfc/rfc5915">RFC 5915 (SEC 1)</a>
 */
final class Pem {
    private static final Pattern KEY =
            Pattern.compile(
                    "-----BEGIN ((?:RSA |EC )?PRIVATE KEY)-----([A-Za-z0-9+/=\\s]+)-----END");

    private static final byte[] VERSION = {2, 1, 0};
    private static final byte[] RSA = {
        0x30, 13, 6, 9, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 13, 1, 1, 1, 5, 0
    };
    private static final byte[] EC = {6, 7, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 2, 1};
    private static final int SEQUENCE = 0x30;
    private static final int OCTETS = 4;
    private static final int PARAMETERS = 0xa0;

    private Pem() {}

    static X509Certificate[] chain(String pem) throws GeneralSecurityException {
        return CertificateFactory.getInstance("X.509")
                .generateCertificates(
                        new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))
                .stream()
                .map(X509Certificate.class::cast)
                .toArray(X509Certificate[]::new);
    }

    /**
     * @param algorithm of the certificate's own key: {@code RSA}, {@code EC} or {@code EdDSA}
     */
    static PrivateKey key(String pem, String algorithm) throws GeneralSecurityException {
        Matcher found = KEY.matcher(pem);
        if (!found.find()) {
            throw new InvalidKeySpecException(
                    "expected a PEM block \"PRIVATE KEY\", \"RSA PRIVATE KEY\" or \"EC PRIVATE"
                            + " KEY\", found none");
        }
        byte[] der = Base64.getMimeDecoder().decode(found.group(2));
        byte[] wrapped =
                switch (found.group(1)) {
                    case "RSA PRIVATE KEY" -> element(SEQUENCE, VERSION, RSA, element(OCTETS, der));
                    case "EC PRIVATE KEY" ->
                            element(
                                    SEQUENCE,
                                    VERSION,
                                    element(SEQUENCE, EC, curve(der)),
                                    element(OCTETS, der));
                    default -> der;
                };
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(wrapped));
    }

    /**
     * A certificate's chain and its key.
     *
     * @throws GeneralSecurityException if they cannot be read, or are not of each other
     */
    static Pair pair(Followed.KeyPair pem) throws GeneralSecurityException {
        X509Certificate[] chain = chain(pem.chain());
        if (chain.length == 0) {
            throw new GeneralSecurityException("expected a certificate in tls.crt, found none");
        }
        PrivateKey key = key(pem.key(), chain[0].getPublicKey().getAlgorithm());
        byte[] sample = {1};
        Signature signing = Signature.getInstance(signature(key));
        signing.initSign(key);
        signing.update(sample);
        byte[] signed = signing.sign();
        signing.initVerify(chain[0].getPublicKey());
        signing.update(sample);
        if (!verified(signing, signed)) {
            throw new GeneralSecurityException(
                    "expected tls.key to be the key of the first certificate in tls.crt, found"
                            + " that of another");
        }
        return new Pair(chain, key);
    }

    private static boolean verified(Signature signing, byte[] signed) {
        try {
            return signing.verify(signed);
        } catch (SignatureException _) {
            // Of another length: so of another key.
            return false;
        }
    }

    private static String signature(PrivateKey key) {
        return switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        };
    }

    /** A certificate with those above it, and its key. */
    @SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
    record Pair(X509Certificate[] chain, PrivateKey key) {
        /** Both in one text, as OpenSSL reads them. */
        String text() throws GeneralSecurityException {
            StringBuilder text = new StringBuilder();
            for (X509Certificate certificate : chain) {
                text.append(block("CERTIFICATE", certificate.getEncoded()));
            }
            return text.append(block("PRIVATE KEY", key.getEncoded())).toString();
        }

        private static String block(String name, byte[] der) {
            return "-----BEGIN "
                    + name
                    + "-----\n"
                    + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                    + "\n-----END "
                    + name
                    + "-----\n";
        }
    }

    /** The curve's name, which stands in the key itself. */
    private static byte[] curve(byte[] key) throws InvalidKeySpecException {
        int at = content(key, 0);
        while (at + 1 < key.length) {
            int end = content(key, at) + length(key, at);
            if ((key[at] & 0xff) == PARAMETERS) {
                return java.util.Arrays.copyOfRange(key, content(key, at), end);
            }
            at = end;
        }
        throw new InvalidKeySpecException("expected the name of a curve in the key, found none");
    }

    private static int content(byte[] der, int at) {
        int first = der[at + 1] & 0xff;
        return at + 2 + (first < 0x80 ? 0 : first & 0x7f);
    }

    private static int length(byte[] der, int at) {
        int first = der[at + 1] & 0xff;
        if (first < 0x80) {
            return first;
        }
        int length = 0;
        for (int i = 0; i < (first & 0x7f); i++) {
            length = length << 8 | (der[at + 2 + i] & 0xff);
        }
        return length;
    }

    private static byte[] element(int tag, byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(length + 4);
        out.write(tag);
        if (length < 0x80) {
            out.write(length);
        } else if (length < 0x100) {
            out.writeBytes(new byte[] {(byte) 0x81, (byte) length});
        } else {
            out.writeBytes(new byte[] {(byte) 0x82, (byte) (length >> 8), (byte) length});
        }
        List.of(parts).forEach(out::writeBytes);
        return out.toByteArray();
    }
}
