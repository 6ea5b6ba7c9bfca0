package dev.shiplog.api.watch;

import dev.shiplog.api.ApiFailure;
import dev.shiplog.api.Reply;
import dev.shiplog.api.Status;
import dev.shiplog.api.read.Candidates;
import dev.shiplog.api.read.Revisions;
import dev.shiplog.api.select.Selection;
import dev.shiplog.api.served.ServedResource;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.Resource;
import dev.shiplog.state.ClusterState;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;

/**
 * One watch under way, on its own virtual thread: first what is there, or what the log says
 * happened since a position; then what happens, from the ring.
 */
final class Watcher implements ChangeRing.Reader {
    private static final int BATCH = 256;
    private static final int BUFFER_BYTES = 32 * 1024;
    private static final Duration BOOKMARK_PERIOD = Duration.ofMinutes(1);

    /**
     * How long a watcher rests after it was told something, by how many there are: what happens
     * meanwhile is told together. A thousand that are told of each change by itself leave whoever
     * makes the next change no processor.
     */
    private static final int WATCHERS_PER_MILLISECOND = 20;

    /** The longest rest, in milliseconds. */
    private static final int MAX_REST_MILLIS = 100;

    private final ChangeLog log;
    private final Revisions revisions;
    private final ServedResource served;
    private final Selection selection;
    private final Frames frames;
    private final WatchOptions options;
    private final IntSupplier watchers;
    private volatile boolean gone;

    Watcher(
            ChangeLog log,
            Revisions revisions,
            ServedResource served,
            Selection selection,
            Frames frames,
            WatchOptions options,
            IntSupplier watchers) {
        this.watchers = watchers;
        this.log = log;
        this.revisions = revisions;
        this.served = served;
        this.selection = selection;
        this.frames = frames;
        this.options = options;
    }

    @Override
    public boolean stopped() {
        return gone || log.closed();
    }

    void run(Reply.Stream stream) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + options.timeout().toNanos();
        ChangeRing ring = log.of(served.kind().groupKind());
        // A client waits for the headers before it does anything else, and they need a byte to go
        // along: before a JSON value a blank means nothing.
        stream.whenGone(() -> {
            gone = true;
            ring.wake();
        });
        OutputStream out = new BufferedOutputStream(stream.out(), BUFFER_BYTES);
        out.write(' ');
        try {
            Position position = begin(out);
            follow(ring, position, out, deadline);
        } catch (ApiFailure e) {
            out.write(Frames.error(e.status()));
        } catch (ChangeRing.LeftBehindException e) {
            out.write(Frames.error(tooOld("the watcher read more slowly than things changed")));
        }
        out.flush();
    }

    /** Not at all while there are few watchers. */
    private void rest() throws InterruptedException {
        int millis = Math.min(MAX_REST_MILLIS, watchers.getAsInt() / WATCHERS_PER_MILLISECOND);
        if (millis > 0) {
            Thread.sleep(millis);
        }
    }

    /** Writes what comes before the changes; gives the position that they are to follow. */
    private Position begin(OutputStream out) throws IOException {
        Optional<Position> from = options.from();
        if (from.isPresent() && from.get().isAfter(revisions.newest().position())) {
            throw new ApiFailure(
                    tooOld(
                            "expected a resourceVersion up to "
                                    + revisions.newest().position()
                                    + ", found "
                                    + from.get()));
        }
        if (from.isPresent() && !options.initialEvents()) {
            return from.get();
        }
        ClusterState state = revisions.newest();
        for (Resource resource : Candidates.of(state, served, selection)) {
            if (selection.matches(resource)) {
                out.write(frames.initial(resource));
            }
        }
        if (options.initialEvents() && options.bookmarks()) {
            out.write(frames.bookmark(state.position(), true));
        }
        return state.position();
    }

    private void follow(ChangeRing ring, Position after, OutputStream out, long deadline)
            throws IOException, InterruptedException, ChangeRing.LeftBehindException {
        Position position = after;
        long number = -1;
        while (number < 0) {
            switch (ring.after(position)) {
                case ChangeRing.Start.At(long at) -> number = at;
                case ChangeRing.Start.Behind(Position floor) ->
                        position = replay(position, floor, out);
            }
        }
        out.flush();
        Position told = position;
        while (!stopped() && System.nanoTime() < deadline) {
            Position head = log.head();
            long until = Math.min(deadline, System.nanoTime() + BOOKMARK_PERIOD.toNanos());
            List<Change> changes = ring.read(number, BATCH, this, until);
            for (Change change : changes) {
                // The ring may have been behind the state that the client listed.
                if (change.version().isAfter(position)) {
                    write(change, out);
                }
            }
            number += changes.size();
            if (!changes.isEmpty()) {
                told = later(told, changes.getLast().version());
            } else if (options.bookmarks() && head.isAfter(told) && !stopped()) {
                out.write(frames.bookmark(head, false));
                told = head;
            }
            if (changes.size() < BATCH) {
                out.flush();
                if (!changes.isEmpty()) {
                    rest();
                }
            }
        }
    }

    private Position replay(Position position, Position floor, OutputStream out)
            throws IOException {
        Replay replay = new Replay(log.ledger(), revisions.at(position));
        while (floor.isAfter(replay.position()) && !stopped()) {
            for (Change change : replay.next(floor)) {
                if (change.key().kind().equals(served.kind().groupKind())) {
                    write(change, out);
                }
            }
        }
        return replay.position();
    }

    private void write(Change change, OutputStream out) throws IOException {
        Optional<byte[]> frame = frames.of(change);
        if (frame.isPresent()) {
            out.write(frame.get());
        }
    }

    private static Position later(Position one, Position other) {
        return other.isAfter(one) ? other : one;
    }

    private static Status tooOld(String why) {
        return Status.expired("too old resource version: " + why);
    }
}
