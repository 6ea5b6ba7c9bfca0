package dev.shiplog.api.watch;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Reply;
import dev.shiplog.api.Request;
import dev.shiplog.api.Status;
import dev.shiplog.api.read.Revisions;
import dev.shiplog.api.select.Selection;
import dev.shiplog.api.served.ServedResource;
import dev.shiplog.api.table.Format;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Answers watches. */
public final class Watches {
    /** More watchers than this at once are turned away. */
    private static final int MAX_WATCHERS = 10_000;

    private final ChangeLog log;
    private final Revisions revisions;
    private final Supplier<Instant> clock;
    private final AtomicInteger watchers = new AtomicInteger();

    public Watches(ChangeLog log, Revisions revisions, Supplier<Instant> clock) {
        this.log = log;
        this.revisions = revisions;
        this.clock = clock;
    }

    public Reply watch(Request request, ServedResource served, Optional<String> namespace) {
        Selection selection = Selection.of(served, namespace, request.query());
        WatchOptions options = WatchOptions.of(request.query());
        Frames frames = new Frames(served, selection, Format.of(request), clock);
        return Reply.stream(
                200,
                "application/json",
                stream -> {
                    if (watchers.incrementAndGet() > MAX_WATCHERS) {
                        watchers.decrementAndGet();
                        throw new ApiFailure(
                                Status.of(
                                        429,
                                        "TooManyRequests",
                                        "expected at most "
                                                + MAX_WATCHERS
                                                + " watches at once; try again later"));
                    }
                    try {
                        new Watcher(
                                        log,
                                        revisions,
                                        served,
                                        selection,
                                        frames,
                                        options,
                                        watchers::get)
                                .run(stream);
                    } finally {
                        watchers.decrementAndGet();
                    }
                });
    }

    /** How many watches are under way. */
    public int count() {
        return watchers.get();
    }
}
