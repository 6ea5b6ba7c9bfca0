package dev.shiplog.decide;

import dev.shiplog.resource.Uid;

import java.util.UUID;

/** Identities that count up from 1, for tests whose whole output is compared. */
public final class CountingIds implements Ids {
    private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

    private long next = 1;

    @Override
    public Uid uid() {
        return new Uid(new UUID(0, next++).toString());
    }

    @Override
    public String suffix(int length) {
        long rest = next++;
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.insert(0, ALPHABET.charAt((int) (rest % ALPHABET.length())));
            rest /= ALPHABET.length();
        }
        return text.toString();
    }
}
