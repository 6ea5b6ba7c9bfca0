package dev.shiplog.api.tls;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** What is kept of a token: its SHA-256. */
public final class TokenHash {
    /** To be copied: to look for whoever makes digests costs more than the digest of a token. */
    private static final MessageDigest SHA_256 = sha256();

    private TokenHash() {}

    /** The hash of a token's UTF-8. */
    public static byte[] of(String token) {
        try {
            MessageDigest digest = (MessageDigest) SHA_256.clone();
            return digest.digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("expected a digest that can be copied", e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
