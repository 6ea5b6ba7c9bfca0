package dev.shiplog.api.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * A secret that stands for the user {@code admin} where a client certificate is unwieldy, such as
 * in Git. Kept in a file of its owner; in memory only its hash.
 */
public final class AdminToken {
    private static final int SECRET_BYTES = 32;

    private final byte[] hash;

    private AdminToken(String secret) {
        this.hash = TokenHash.of(secret);
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
        return MessageDigest.isEqual(hash, TokenHash.of(presented));
    }
}
