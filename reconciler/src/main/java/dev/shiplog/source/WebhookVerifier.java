package dev.shiplog.source;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Checks that a webhook comes from who knows the secret. What the webhook says is never believed:
 * it is a hint to look, and no more.
 *
 * <p>Known headers: {@code X-Hub-Signature-256} (GitHub, Gitea, Forgejo: {@code sha256=} and the
 * HMAC of the body in hexadecimal), {@code X-Gitea-Signature} and {@code X-Forgejo-Signature} (the
 * same without prefix), {@code X-Gitlab-Token} (the secret itself).
 */
public final class WebhookVerifier {
    /** A body is not read further than this, in bytes. */
    public static final int MAX_BODY_BYTES = 1 << 20;

    private static final String ALGORITHM = "HmacSHA256";
    private static final String PREFIX = "sha256=";
    private static final List<String> PLAIN_SIGNATURES =
            List.of("X-Gitea-Signature", "X-Forgejo-Signature");

    private final byte[] secret;

    /**
     * @param secret as configured at the sender; must not be empty
     */
    public WebhookVerifier(String secret) {
        if (secret.isEmpty()) {
            throw new IllegalArgumentException("expected the secret of a webhook, found none");
        }
        this.secret = secret.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Whether a request is genuine.
     *
     * @param header gives the value of a header, whatever its case
     * @param body every byte of the body, at most {@link #MAX_BODY_BYTES}
     */
    public boolean genuine(Function<String, Optional<String>> header, byte[] body) {
        if (body.length > MAX_BODY_BYTES) {
            return false;
        }
        Optional<String> signature =
                header.apply("X-Hub-Signature-256")
                        .filter(value -> value.startsWith(PREFIX))
                        .map(value -> value.substring(PREFIX.length()));
        for (String name : PLAIN_SIGNATURES) {
            signature = signature.or(() -> header.apply(name));
        }
        if (signature.isPresent()) {
            return same(signature.get(), HexFormat.of().formatHex(hmac(body)));
        }
        return header.apply("X-Gitlab-Token")
                .filter(token -> same(token, new String(secret, StandardCharsets.UTF_8)))
                .isPresent();
    }

    private byte[] hmac(byte[] body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret, ALGORITHM));
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }

    /** Takes as long for a near miss as for a far one. */
    private static boolean same(String found, String expected) {
        return MessageDigest.isEqual(
                found.getBytes(StandardCharsets.UTF_8), expected.getBytes(StandardCharsets.UTF_8));
    }
}
