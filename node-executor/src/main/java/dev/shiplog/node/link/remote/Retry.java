package dev.shiplog.node.link.remote;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** How long to wait after each failure: twice as long as before, and never quite the same. */
final class Retry {
    private final LinkTimes times;
    private Duration next;

    Retry(LinkTimes times) {
        this.times = times;
        this.next = times.firstRetry();
    }

    void succeeded() {
        next = times.firstRetry();
    }

    /** The next wait, somewhat at random: many nodes lose the same control plane at once. */
    Duration failed() {
        Duration now = next;
        Duration twice = now.multipliedBy(2);
        next = twice.compareTo(times.longestRetry()) > 0 ? times.longestRetry() : twice;
        long millis = Math.max(1, now.toMillis());
        return Duration.ofMillis(millis / 2 + ThreadLocalRandom.current().nextLong(millis));
    }
}
