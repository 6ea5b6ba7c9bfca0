package dev.shiplog.node.image;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 digests in the form {@code sha256:…} that image documents use. */
final class Digests {
    private static final String PREFIX = "sha256:";

    private Digests() {}

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    static String name(byte[] digest) {
        return PREFIX + HexFormat.of().formatHex(digest);
    }

    static String hex(String name) {
        return name.substring(PREFIX.length());
    }

    /** Whether a text has the form of a digest, and so is safe as a file's name. */
    static boolean valid(String text) {
        return text.matches("sha256:[0-9a-f]{64}");
    }
}
