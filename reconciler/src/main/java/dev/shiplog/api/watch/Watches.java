package dev.shiplog.api.watch;

import dev.shiplog.api.Reply;
import dev.shiplog.api.Request;
import dev.shiplog.api.read.Revisions;
import dev.shiplog.api.select.Selection;
import dev.shiplog.api.served.ServedResource;
import dev.shiplog.api.table.Format;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/** Answers watches. */
public final class Watches {
    /** More watchers than this at once are turned away. */
    private static final int MAX_WATCHERS = 10_000;

    private final ChangeLog log;
    private final Revisions revisions;
    private final Supplier<Instant> clock;
    private final WatchSeats seats = new WatchSeats(MAX_WATCHERS);

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
                    try (WatchSeats.Seat _ = seats.take()) {
                        new Watcher(
                                        log,
                                        revisions,
                                        served,
                                        selection,
                                        frames,
                                        options,
                                        seats::taken)
                                .run(stream);
                    }
                });
    }

    /** How many watches are under way. */
    public int count() {
        return seats.taken();
    }
}
