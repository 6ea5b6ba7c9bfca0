package dev.shiplog.api.watch;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Query;
import dev.shiplog.api.Status;
import dev.shiplog.api.read.Lists;
import dev.shiplog.resource.Position;

import java.time.Duration;
import java.util.Optional;

/**
 * What a watch asks for.
 *
 * @param from after which position; empty to begin with what is there now
 * @param initialEvents whether what is there comes first, ended by a bookmark
 * @param bookmarks whether the watcher understands bookmarks
 */
record WatchOptions(
        Optional<Position> from, boolean initialEvents, boolean bookmarks, Duration timeout) {
    /** How long a watch lasts that names no time. As Kubernetes' lower bound. */
    private static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(30);

    private static final Duration MAX_TIMEOUT = Duration.ofHours(24);

    static WatchOptions of(Query query) {
        boolean initialEvents = query.flag("sendInitialEvents");
        String match = query.first("resourceVersionMatch").orElse("");
        if (initialEvents && !match.equals("NotOlderThan")) {
            throw invalid(
                    "resourceVersionMatch: Forbidden: sendInitialEvents requires setting"
                            + " resourceVersionMatch to NotOlderThan");
        }
        if (!match.isEmpty() && query.first("sendInitialEvents").isEmpty()) {
            throw invalid(
                    "resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch"
                            + " unless sendInitialEvents is provided");
        }
        long seconds = query.number("timeoutSeconds").orElse(0);
        Duration timeout =
                seconds <= 0
                        ? DEFAULT_TIMEOUT
                        : Duration.ofSeconds(Math.min(seconds, MAX_TIMEOUT.toSeconds()));
        return new WatchOptions(
                Lists.version(query), initialEvents, query.flag("allowWatchBookmarks"), timeout);
    }

    private static ApiFailure invalid(String why) {
        return new ApiFailure(Status.invalid("ListOptions.meta.k8s.io", "", why));
    }
}
