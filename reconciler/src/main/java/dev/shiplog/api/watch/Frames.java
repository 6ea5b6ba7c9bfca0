package dev.shiplog.api.watch;

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

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Supplier;

/** Writes watch events: one JSON object a line. */
final class Frames {
    private final ServedResource served;
    private final Selection selection;
    private final Format format;
    private final Supplier<Instant> clock;

    Frames(ServedResource served, Selection selection, Format format, Supplier<Instant> clock) {
        this.served = served;
        this.selection = selection;
        this.format = format;
        this.clock = clock;
    }

    /** What a frame's bytes depend on: ages in tables make it the second, too. */
    private record Form(String type, String apiVersion, Format format, Instant second) {}

    /** What this watcher sees of a change; empty if nothing. */
    Optional<byte[]> of(Change change) {
        boolean was = change.before().filter(selection::matches).isPresent();
        boolean is = change.after().filter(selection::matches).isPresent();
        if (is) {
            return change.after().map(after -> frame(change, was ? "MODIFIED" : "ADDED", after));
        }
        // Leaving the selection is, to who watches it, the same as going.
        return was ? change.gone().map(gone -> frame(change, "DELETED", gone)) : Optional.empty();
    }

    /** A resource that was there when the watch began; empty if it is not selected. */
    byte[] initial(Resource resource) {
        return frame("ADDED", new Writer(served, format, clock.get()).one(resource));
    }

    byte[] bookmark(Position position, boolean initialEnd) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        boolean table = format.shape() == Format.Shape.TABLE;
        object.put("kind", table ? "Table" : objectKind());
        object.put(
                "apiVersion",
                format.shape() == Format.Shape.WHOLE
                        ? served.apiVersion()
                        : "meta.k8s.io/" + format.metaVersion());
        ObjectNode metadata = object.putObject("metadata");
        metadata.put("resourceVersion", position.toString());
        metadata.putNull("creationTimestamp");
        if (initialEnd) {
            metadata.putObject("annotations").put("k8s.io/initial-events-end", "true");
        }
        if (table) {
            object.putArray("columnDefinitions");
            object.putArray("rows");
        }
        return frame("BOOKMARK", Json.of(object).bytes());
    }

    static byte[] error(Status status) {
        return frame("ERROR", status.json().bytes());
    }

    private String objectKind() {
        return format.shape() == Format.Shape.METADATA
                ? "PartialObjectMetadata"
                : served.kindName();
    }

    private byte[] frame(Change change, String type, Resource resource) {
        Instant now = clock.get();
        Form form =
                new Form(
                        type,
                        served.apiVersion(),
                        format,
                        format.shape() == Format.Shape.TABLE
                                ? now.truncatedTo(ChronoUnit.SECONDS)
                                : Instant.EPOCH);
        Optional<byte[]> kept = change.encoded(form);
        if (kept.isPresent()) {
            return kept.get();
        }
        byte[] bytes = frame(type, new Writer(served, format, now).one(resource));
        change.keep(form, bytes);
        return bytes;
    }

    private static byte[] frame(String type, byte[] object) {
        byte[] start =
                ("{\"type\":\"" + type + "\",\"object\":").getBytes(StandardCharsets.US_ASCII);
        byte[] bytes = new byte[start.length + object.length + 2];
        System.arraycopy(start, 0, bytes, 0, start.length);
        System.arraycopy(object, 0, bytes, start.length, object.length);
        bytes[bytes.length - 2] = '}';
        bytes[bytes.length - 1] = '\n';
        return bytes;
    }
}
