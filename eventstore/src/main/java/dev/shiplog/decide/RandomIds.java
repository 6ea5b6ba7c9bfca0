package dev.shiplog.decide;

import dev.shiplog.resource.Uid;

import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Random identities, for production. Names get their suffix from the letters and digits that
 * Kubernetes uses: no vowels and nothing that looks like one, so that no suffix is a word.
 */
public final class RandomIds implements Ids {
    private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

    private final RandomGenerator random;

    /**
     * @param random a {@link java.security.SecureRandom} in production: a uid must not be guessed;
     *     must be safe for use by several threads
     */
    public RandomIds(RandomGenerator random) {
        this.random = random;
    }

    @Override
    public Uid uid() {
        long high = (random.nextLong() & ~0xf000L) | 0x4000L;
        long low = (random.nextLong() >>> 2) | Long.MIN_VALUE;
        return new Uid(new UUID(high, low).toString());
    }

    @Override
    public String suffix(int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return text.toString();
    }
}
