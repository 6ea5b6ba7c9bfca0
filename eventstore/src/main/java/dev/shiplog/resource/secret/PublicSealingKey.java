package dev.shiplog.resource.secret;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * The half of a sealing key that seals: no secret, to be handed out. As text: {@code
 * shiplog-seal-v1 } and the 32 bytes of the X25519 key (RFC 7748) in base64url.
 */
public final class PublicSealingKey {
    static final byte[] INFO = "shiplog sealed v1".getBytes(StandardCharsets.US_ASCII);

    private static final String PREFIX = "shiplog-seal-v1 ";
    private static final int RAW_BYTES = 32;

    /** What stands before the raw key in its X.509 form (RFC 8410). */
    private static final byte[] X509 = HexFormat.of().parseHex("302a300506032b656e032100");

    private final byte[] raw;
    private final PublicKey key;
    private final KeyId id;

    private PublicSealingKey(byte[] raw, PublicKey key) {
        this.raw = raw;
        this.key = key;
        this.id = KeyId.ofPublic(raw);
    }

    static PublicSealingKey of(PublicKey key) {
        byte[] encoded = key.getEncoded();
        if (encoded.length != X509.length + RAW_BYTES) {
            throw new IllegalArgumentException("expected an X25519 key, found " + key);
        }
        return new PublicSealingKey(Arrays.copyOfRange(encoded, X509.length, encoded.length), key);
    }

    static PublicSealingKey ofRaw(byte[] raw) throws GeneralSecurityException {
        byte[] encoded = Arrays.copyOf(X509, X509.length + RAW_BYTES);
        System.arraycopy(raw, 0, encoded, X509.length, RAW_BYTES);
        return new PublicSealingKey(
                raw.clone(),
                KeyFactory.getInstance("X25519").generatePublic(new X509EncodedKeySpec(encoded)));
    }

    /**
     * Reads what {@link #toString()} writes.
     *
     * @throws IllegalArgumentException if it is not that
     */
    public static PublicSealingKey parse(String text) {
        String line = text.strip();
        try {
            if (line.startsWith(PREFIX)) {
                byte[] raw = Base64.getUrlDecoder().decode(line.substring(PREFIX.length()).strip());
                if (raw.length == RAW_BYTES) {
                    return ofRaw(raw);
                }
            }
        } catch (GeneralSecurityException | IllegalArgumentException _) {
            // Said below.
        }
        throw new IllegalArgumentException(
                "expected a public sealing key, one line that begins with \""
                        + PREFIX.strip()
                        + "\"; \"shiplog seal --public-key\" prints it");
    }

    public KeyId id() {
        return id;
    }

    /** Seals a value to this key, for one place; never the same text twice. */
    public String seal(byte[] plain, ValuePlace place) {
        return new SealedText(id, Hpke.AES_256.seal(key, INFO, place.bytes(), plain)).toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PublicSealingKey that && Arrays.equals(raw, that.raw);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(raw);
    }

    @Override
    public String toString() {
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(raw);
    }
}
