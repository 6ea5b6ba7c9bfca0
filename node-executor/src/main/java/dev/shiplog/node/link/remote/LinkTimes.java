package dev.shiplog.node.link.remote;

import java.time.Duration;

/**
 * How patient a link is.
 *
 * @param answer how long a POST may take
 * @param silence a stream on which nothing came for so long is broken
 * @param firstRetry how long after a failure it is tried again
 * @param longestRetry each further try waits twice as long, up to this
 */
public record LinkTimes(
        Duration answer, Duration silence, Duration firstRetry, Duration longestRetry) {
    public static final LinkTimes DEFAULT =
            new LinkTimes(
                    Duration.ofSeconds(35),
                    Duration.ofSeconds(20),
                    Duration.ofMillis(200),
                    Duration.ofSeconds(10));
}
