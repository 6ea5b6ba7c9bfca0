package dev.shiplog.event;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.journal.JournalFailure;
import dev.shiplog.journal.NewEvent;
import dev.shiplog.journal.StoredEvent;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.JsonMembers;
import dev.shiplog.resource.JsonWriter;
import dev.shiplog.resource.Position;

import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * Events to and from what the log keeps: type name, version, and canonical JSON that an auditor can
 * query with SQL.
 *
 * <p>Invariant: what was ever written can be read for ever. The version of a type is one more than
 * the number of its upcasters; an older payload goes through the upcasters from its version on, one
 * by one.
 */
public final class EventCodec {
    /** The codec of this program. */
    public static final EventCodec STANDARD = new EventCodec(List.of());

    /**
     * Brings a payload of {@code type} from version {@code from} to the next.
     *
     * @param step is given the payload's tree, which it may change
     */
    public record Upcaster(String type, int from, UnaryOperator<ObjectNode> step) {}

    private final Map<String, List<Upcaster>> upcasters;

    /**
     * @param upcasters for each type in the order of versions, from 1 without a gap
     */
    public EventCodec(List<Upcaster> upcasters) {
        Map<String, List<Upcaster>> byType = new TreeMap<>();
        for (Upcaster upcaster : upcasters) {
            List<Upcaster> steps =
                    byType.computeIfAbsent(upcaster.type(), _ -> new java.util.ArrayList<>());
            steps.add(upcaster);
            if (upcaster.from() != steps.size()) {
                throw new IllegalArgumentException(
                        "expected the upcaster of "
                                + upcaster.type()
                                + " from version "
                                + steps.size()
                                + ", found one from "
                                + upcaster.from());
            }
        }
        this.upcasters = Collections.unmodifiableMap(byType);
    }

    /** The name under which an event is kept: that of its record. */
    public String type(Event event) {
        return switch (event) {
            case SourceEvent e -> SourceEventCodec.type(e);
            case ResourceEvent e -> ResourceEventCodec.type(e);
            case SchedulerEvent e -> SchedulerEventCodec.type(e);
            case NodeEvent e -> NodeEventCodec.type(e);
            case AccessEvent e -> AccessEventCodec.type(e);
        };
    }

    /** The version in which events of a type are written. */
    public int version(String type) {
        return steps(type).size() + 1;
    }

    /** The payload of an event in its newest version. */
    public byte[] encode(Event event) {
        JsonWriter out = new JsonWriter().begin();
        switch (event) {
            case SourceEvent e -> SourceEventCodec.write(e, out);
            case ResourceEvent e -> ResourceEventCodec.write(e, out);
            case SchedulerEvent e -> SchedulerEventCodec.write(e, out);
            case NodeEvent e -> NodeEventCodec.write(e, out);
            case AccessEvent e -> AccessEventCodec.write(e, out);
        }
        return out.end().bytes();
    }

    /**
     * Reads a stored event.
     *
     * @throws JournalFailure if this program does not know the type or the version, or the payload
     *     is not of that type; the message names the position
     */
    public Recorded decode(StoredEvent stored) {
        NewEvent event = stored.event();
        return new Recorded(
                stored.position(),
                event.time(),
                event.origin(),
                decode(stored.position(), event.type(), event.version(), event.payload()));
    }

    /** As {@link #decode(StoredEvent)}, of what matters of it here. */
    public Event decode(Position position, String type, int version, byte[] payload) {
        try {
            return decode(type, version, payload);
        } catch (IllegalArgumentException e) {
            throw new JournalFailure(
                    "the event at position "
                            + position
                            + " ("
                            + type
                            + " version "
                            + version
                            + ") cannot be read: "
                            + e.getMessage(),
                    e);
        }
    }

    /**
     * Reads a payload.
     *
     * @throws IllegalArgumentException if this program does not know the type or the version, or
     *     the payload is not of that type
     */
    public Event decode(String type, int version, byte[] payload) {
        int newest = version(type);
        if (version < 1 || version > newest) {
            throw new IllegalArgumentException(
                    "expected a version from 1 to "
                            + newest
                            + ", found "
                            + version
                            + "; a newer shiplog wrote it: use that one");
        }
        JsonMembers in =
                JsonMembers.of(version == newest ? payload : upcast(type, version, payload));
        Event event = read(type, in);
        if (event == null) {
            throw new IllegalArgumentException(
                    "expected a known type of event, found "
                            + type
                            + "; a newer shiplog wrote it: use that one");
        }
        return event;
    }

    private static @Nullable Event read(String type, JsonMembers in) {
        Event event = ResourceEventCodec.read(type, in);
        if (event == null) {
            event = NodeEventCodec.read(type, in);
        }
        if (event == null) {
            event = SchedulerEventCodec.read(type, in);
        }
        if (event == null) {
            event = AccessEventCodec.read(type, in);
        }
        return event == null ? SourceEventCodec.read(type, in) : event;
    }

    private byte[] upcast(String type, int version, byte[] payload) {
        ObjectNode tree = Json.canonical(payload).toObject();
        for (Upcaster upcaster : steps(type).subList(version - 1, steps(type).size())) {
            tree = upcaster.step().apply(tree);
        }
        return Json.of(tree).bytes();
    }

    private List<Upcaster> steps(String type) {
        return upcasters.getOrDefault(type, List.of());
    }
}
