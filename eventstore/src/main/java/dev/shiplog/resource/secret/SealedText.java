package dev.shiplog.resource.secret;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Optional;

/**
 * A sealed value as text: {@code sealed:v1:} and, in base64url without padding, 8 bytes that name
 * the key, 32 bytes of encapsulated key, and the ciphertext with its tag (RFC 9180: DHKEM(X25519,
 * HKDF-SHA256), HKDF-SHA256, AES-256-GCM, base mode; {@code info} is {@code shiplog sealed v1}, the
 * associated data is namespace, name and key with zero bytes between).
 *
 * <p>It stands where a Secret's base64 value would: base64 has no colon, so the two are never
 * confused.
 */
public final class SealedText {
    /** What every sealed value begins with. */
    public static final String PREFIX = "sealed:v1:";

    private static final int HEAD = KeyId.BYTES + Hpke.ENCAPSULATED_BYTES;

    private final KeyId key;
    private final Hpke.Message message;

    SealedText(KeyId key, Hpke.Message message) {
        this.key = key;
        this.message = message;
    }

    /** Whether a text claims to be a sealed value. */
    public static boolean claimed(String text) {
        return text.startsWith(PREFIX);
    }

    /** Reads what {@link #toString()} writes; empty if it is not that. */
    public static Optional<SealedText> parse(String text) {
        if (!claimed(text)) {
            return Optional.empty();
        }
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(text.substring(PREFIX.length()));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
        if (bytes.length < HEAD + Hpke.TAG_BYTES) {
            return Optional.empty();
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        byte[] id = new byte[KeyId.BYTES];
        byte[] encapsulated = new byte[Hpke.ENCAPSULATED_BYTES];
        byte[] ciphertext = new byte[bytes.length - HEAD];
        buffer.get(id).get(encapsulated).get(ciphertext);
        return Optional.of(
                new SealedText(KeyId.of(id), new Hpke.Message(encapsulated, ciphertext)));
    }

    /** Which key it was sealed to. */
    public KeyId key() {
        return key;
    }

    /** The bytes of the plain value. */
    public int plainBytes() {
        return message.ciphertext.length - Hpke.TAG_BYTES;
    }

    Hpke.Message message() {
        return message;
    }

    @Override
    public String toString() {
        byte[] bytes =
                ByteBuffer.allocate(HEAD + message.ciphertext.length)
                        .put(key.bytes())
                        .put(message.encapsulated)
                        .put(message.ciphertext)
                        .array();
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
