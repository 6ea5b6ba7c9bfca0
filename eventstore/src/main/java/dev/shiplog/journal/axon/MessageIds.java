package dev.shiplog.journal.axon;

import org.axonframework.common.IdentifierFactory;

import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Names messages, for Axon, which finds it as a service: random UUIDs. Unique is enough here;
 * nobody gains by guessing one, and a secure random number costs a lock that all callers share.
 */
public final class MessageIds extends IdentifierFactory {
    @Override
    public String generateIdentifier() {
        return random();
    }

    static String random() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long high = (random.nextLong() & ~0xf000L) | 0x4000L;
        long low = (random.nextLong() >>> 2) | Long.MIN_VALUE;
        return new UUID(high, low).toString();
    }
}
