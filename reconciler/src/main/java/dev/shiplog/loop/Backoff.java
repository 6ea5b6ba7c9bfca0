package dev.shiplog.loop;

import dev.shiplog.resource.ResourceKey;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How long to wait before a resource that could not be settled is looked at again. */
final class Backoff {
    /** After the first failure. */
    static final Duration FIRST = Duration.ofMillis(50);

    /** After many. */
    static final Duration LONGEST = Duration.ofSeconds(60);

    private final Map<Look, Integer> failures = new ConcurrentHashMap<>();

    private record Look(String controller, ResourceKey key) {}

    Duration failed(String controller, ResourceKey key) {
        int count = failures.merge(new Look(controller, key), 1, Integer::sum);
        long factor = 1L << Math.min(count - 1, 20);
        Duration wait = FIRST.multipliedBy(factor);
        return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    }

    void succeeded(String controller, ResourceKey key) {
        if (!failures.isEmpty()) {
            failures.remove(new Look(controller, key));
        }
    }
}
