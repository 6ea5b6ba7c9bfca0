package dev.shiplog.resource.secret;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;

/**
 * Both halves of a sealing key. Its text holds the private half: it belongs into a file that nobody
 * else may read, and nowhere else.
 */
public final class SealingKey {
    private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String END = "-----END PRIVATE KEY-----";

    private final PublicSealingKey publicKey;
    private final PrivateKey privateKey;

    SealingKey(PublicSealingKey publicKey, PrivateKey privateKey) {
        this.publicKey = publicKey;
        this.privateKey = privateKey;
    }

    /** A new one. */
    public static SealingKey generate() {
        try {
            KeyPair pair = KeyPairGenerator.getInstance("X25519").generateKeyPair();
            return new SealingKey(PublicSealingKey.of(pair.getPublic()), pair.getPrivate());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java cannot make X25519 keys", e);
        }
    }

    /**
     * Reads what {@link #privateText()} writes.
     *
     * @throws IllegalArgumentException if it is not that; the message does not show the text
     */
    public static SealingKey parse(String text) {
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IllegalArgumentException(
                    "expected a public sealing key and a PEM private key, found something else");
        }
        PublicSealingKey publicKey = PublicSealingKey.parse(text.substring(0, begin));
        try {
            byte[] encoded =
                    Base64.getMimeDecoder().decode(text.substring(begin + BEGIN.length(), end));
            SealingKey key =
                    new SealingKey(
                            publicKey,
                            KeyFactory.getInstance("X25519")
                                    .generatePrivate(new PKCS8EncodedKeySpec(encoded)));
            if (!key.belongsTogether()) {
                throw new IllegalArgumentException(
                        "expected two halves of one sealing key, found halves of two");
            }
            return key;
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("expected an X25519 private key (PKCS#8)", e);
        }
    }

    private boolean belongsTogether() {
        ValuePlace place = new ValuePlace("", "", "");
        byte[] probe = {1};
        SealedText sealed = SealedText.parse(publicKey.seal(probe, place)).orElseThrow();
        return open(sealed, place).isPresent();
    }

    public PublicSealingKey publicKey() {
        return publicKey;
    }

    /** The value; empty if it was tampered with, or sealed for another place or key. */
    Optional<byte[]> open(SealedText sealed, ValuePlace place) {
        return Hpke.AES_256.open(
                privateKey, PublicSealingKey.INFO, place.bytes(), sealed.message());
    }

    /** Both halves as text: a line for the public one, PEM (PKCS#8, RFC 8410) for the other. */
    public String privateText() {
        return publicKey
                + "\n"
                + BEGIN
                + "\n"
                + Base64.getEncoder().encodeToString(privateKey.getEncoded())
                + "\n"
                + END
                + "\n";
    }

    @Override
    public String toString() {
        return "sealing key " + publicKey.id();
    }
}
