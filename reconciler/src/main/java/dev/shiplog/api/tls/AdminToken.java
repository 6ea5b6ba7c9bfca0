package dev.shiplog.api.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * A secret that stands for the user {@code admin} where a client certificate is unwieldy, such as
 * in Git. Kept in a file of its owner; in memory only its hash.
 */
public final class AdminToken {
    private static final int SECRET_BYTES = 32;

    /** To be copied: looking for the one who makes digests costs more than a digest. */
    private static final MessageDigest SHA_256 = sha256();

    private final byte[] hash;

    private AdminToken(String secret) {
        this.hash = sha256(secret);
    }

    /** Reads the token's file; makes it first if it is not there or empty. */
    public static AdminToken open(Path file) throws IOException {
        String secret = Files.exists(file) ? Files.readString(file).strip() : "";
        if (secret.isEmpty()) {
            byte[] bytes = new byte[SECRET_BYTES];
            new SecureRandom().nextBytes(bytes);
            secret = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
            PrivateFiles.write(file, secret + "\n");
        }
        return new AdminToken(secret);
    }

    /** Whether somebody presents this token. Takes the same time whatever is presented. */
    public boolean matches(String presented) {
        return MessageDigest.isEqual(hash, sha256(presented));
    }

    private static byte[] sha256(String text) {
        try {
            return ((MessageDigest) SHA_256.clone()).digest(text.getBytes(StandardCharsets.UTF_8));
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
