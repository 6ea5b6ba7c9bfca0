package dev.shiplog.api.auth;

import dev.shiplog.api.tls.TokenHash;

import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Remembers what verified tokens say, by their hash, so that a signature is computed once and not
 * at every request. The one used least recently goes first. Thread-safe.
 *
 * @param <C> what a token says
 */
public final class VerifiedTokens<C> {
    /** How many tokens are remembered. */
    private static final int MAX_TOKENS = 4_096;

    private final Map<String, Remembered<C>> tokens =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Remembered<C>> eldest) {
                    return size() > MAX_TOKENS;
                }
            };

    private record Remembered<C>(C claims, Instant until) {}

    /** What a token says, if it is remembered and holds still. */
    public Optional<C> get(String token, Instant now) {
        String key = hash(token);
        synchronized (tokens) {
            Remembered<C> found = tokens.get(key);
            if (found == null || !found.until().isAfter(now)) {
                tokens.remove(key);
                return Optional.empty();
            }
            return Optional.of(found.claims());
        }
    }

    /** Remembers what a token says until a time, after which it must be verified again. */
    public void put(String token, C claims, Instant until) {
        String key = hash(token);
        synchronized (tokens) {
            tokens.put(key, new Remembered<>(claims, until));
        }
    }

    private static String hash(String token) {
        return HexFormat.of().formatHex(TokenHash.of(token));
    }
}
