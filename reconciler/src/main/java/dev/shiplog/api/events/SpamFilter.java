package dev.shiplog.api.events;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A bucket of tokens for each source of Events and the object they are about, as client-go's own:
 * {@value #BURST} at once, then one every {@value #REFILL_SECONDS} seconds. Safe for many threads.
 */
final class SpamFilter {
    static final int BURST = 25;
    static final int REFILL_SECONDS = 300;

    /** How many buckets are remembered; the one used longest ago is forgotten, and full again. */
    static final int MAX_BUCKETS = 4_096;

    private record Bucket(double tokens, Instant at) {}

    private final Map<String, Bucket> buckets =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
                    return size() > MAX_BUCKETS;
                }
            };

    /** Takes a token; false if there is none. */
    synchronized boolean pass(String source, Instant now) {
        Bucket bucket = buckets.getOrDefault(source, new Bucket(BURST, now));
        double refilled =
                bucket.tokens()
                        + Math.max(0, Duration.between(bucket.at(), now).toMillis())
                                / (1_000.0 * REFILL_SECONDS);
        double tokens = Math.min(BURST, refilled);
        boolean passes = tokens >= 1;
        buckets.put(source, new Bucket(passes ? tokens - 1 : tokens, now));
        return passes;
    }
}
