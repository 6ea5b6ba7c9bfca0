package dev.shiplog.resource.secret;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Names a sealing key: the first {@value #BYTES} bytes of the SHA-256 of its public half, in
 * hexadecimal.
 */
public record KeyId(String hex) implements Comparable<KeyId> {
    static final int BYTES = 8;

    public KeyId {
        if (!hex.matches("[0-9a-f]{16}")) {
            throw new IllegalArgumentException(
                    "expected a key id of 16 hexadecimal digits, found \"" + hex + "\"");
        }
    }

    static KeyId of(byte[] bytes) {
        return new KeyId(HexFormat.of().formatHex(bytes));
    }

    static KeyId ofPublic(byte[] raw) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(raw);
            return of(Arrays.copyOf(digest, BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    byte[] bytes() {
        return HexFormat.of().parseHex(hex);
    }

    @Override
    public int compareTo(KeyId other) {
        return hex.compareTo(other.hex);
    }

    @Override
    public String toString() {
        return hex;
    }
}
