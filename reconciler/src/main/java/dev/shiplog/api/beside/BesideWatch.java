package dev.shiplog.api.beside;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.api.Status;
import dev.shiplog.api.select.Selection;
import dev.shiplog.api.served.ServedResource;
import dev.shiplog.api.table.Format;
import dev.shiplog.api.table.Writer;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.Resource;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** One watch of what lives beside the log. */
final class BesideWatch {
    private static final Duration BOOKMARK_PERIOD = Duration.ofMinutes(1);

    private final BesideStore store;
    private final Supplier<Instant> clock;
    private final ServedResource served;
    private final Selection selection;
    private final Format format;
    private final OutputStream out;
    private final AtomicBoolean gone;
    private final boolean bookmarks;

    /**
     * @param gone whether the client went away
     * @param bookmarks whether it wants to be told how far it is
     */
    BesideWatch(
            BesideStore store,
            Supplier<Instant> clock,
            ServedResource served,
            Selection selection,
            Format format,
            OutputStream out,
            AtomicBoolean gone,
            boolean bookmarks) {
        this.store = store;
        this.clock = clock;
        this.served = served;
        this.selection = selection;
        this.format = format;
        this.out = out;
        this.gone = gone;
        this.bookmarks = bookmarks;
    }

    /**
     * Tells what changes until the client has gone, the time is up, or the store is closed.
     *
     * @param from the version that the client knows; empty to begin with all there is
     * @param initial whether the client asked to be told when that was all
     */
    void run(Optional<Position> from, boolean initial, Duration timeout)
            throws IOException, InterruptedException {
        // The headers need a byte to go along; before a JSON value a blank means nothing.
        out.write(' ');
        long deadline = System.nanoTime() + timeout.toNanos();
        Position position = from.isPresent() && !initial ? from.get() : begin(initial);
        out.flush();
        long bookmarkAt = System.nanoTime() + BOOKMARK_PERIOD.toNanos();
        while (!gone.get() && !store.closed() && System.nanoTime() < deadline) {
            Optional<List<BesideStore.Change>> changes =
                    store.changesAfter(position, BesideStore.GLANCE);
            if (changes.isEmpty()) {
                Status old =
                        Status.expired(
                                "too old resource version: the changes after "
                                        + position
                                        + " are not remembered; list again");
                frame("ERROR", old.json().bytes());
                return;
            }
            for (BesideStore.Change change : changes.get()) {
                position = change.version();
                tell(change);
            }
            if (bookmarks && System.nanoTime() > bookmarkAt) {
                bookmark(position, false);
                bookmarkAt = System.nanoTime() + BOOKMARK_PERIOD.toNanos();
            }
            out.flush();
        }
    }

    private Position begin(boolean initial) throws IOException {
        BesideStore.Listed listed = store.list(served.kind().groupKind());
        for (Resource resource : listed.resources()) {
            if (selection.matches(resource)) {
                frame("ADDED", bytes(resource));
            }
        }
        if (initial && bookmarks) {
            bookmark(listed.version(), true);
        }
        return listed.version();
    }

    private void tell(BesideStore.Change change) throws IOException {
        if (!change.after().key().kind().equals(served.kind().groupKind())) {
            return;
        }
        boolean was = change.before().filter(selection::matches).isPresent();
        boolean is = !change.deleted() && selection.matches(change.after());
        if (is) {
            frame(was ? "MODIFIED" : "ADDED", bytes(change.after()));
        } else if (was) {
            frame("DELETED", bytes(change.after()));
        }
    }

    private byte[] bytes(Resource resource) {
        return new Writer(served, format, clock.get()).one(resource);
    }

    private void bookmark(Position position, boolean initialEnd) throws IOException {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("kind", served.kindName()).put("apiVersion", served.apiVersion());
        ObjectNode metadata = object.putObject("metadata");
        metadata.put("resourceVersion", position.toString());
        metadata.putNull("creationTimestamp");
        if (initialEnd) {
            metadata.putObject("annotations").put("k8s.io/initial-events-end", "true");
        }
        frame("BOOKMARK", Json.of(object).bytes());
    }

    private void frame(String type, byte[] object) throws IOException {
        out.write(("{\"type\":\"" + type + "\",\"object\":").getBytes(StandardCharsets.US_ASCII));
        out.write(object);
        out.write(new byte[] {'}', '\n'});
    }
}
