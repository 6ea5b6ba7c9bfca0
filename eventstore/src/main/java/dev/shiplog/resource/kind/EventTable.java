package dev.shiplog.resource.kind;

import dev.shiplog.resource.GroupKind;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.ObjectReference;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Event: a note about what happened to another resource, as {@code kubectl describe} shows it. */
final class EventTable {
    private static final String FIELD_PATH =
            "If referring to a piece of an object instead of an entire object, this string should"
                    + " contain a valid JSON/Go field access statement, such as"
                    + " desiredState.manifest.containers[2]. For example, if the object reference"
                    + " is to a container within a pod, this would take on a value like:"
                    + " \"spec.containers{name}\" (where \"name\" refers to the name of the"
                    + " container that triggered the event) or if no container name is specified"
                    + " \"spec.containers[2]\" (container with index 2 in this pod). This syntax is"
                    + " chosen only to have some well-defined way of referencing a part of an"
                    + " object.";

    static final Kind KIND =
            new Kind(
                    GroupKind.EVENT,
                    "events",
                    "event",
                    List.of("ev"),
                    List.of(),
                    true,
                    "v1",
                    List.of("v1"),
                    false,
                    Event.class,
                    columns(),
                    Rules.NONE);

    private EventTable() {}

    private static List<Column> columns() {
        return List.of(
                Cells.text(
                        "Last Seen",
                        0,
                        "The time at which the most recent occurrence of this event was recorded.",
                        Event.class,
                        (event, now) -> Cells.since(lastSeen(event), now)),
                Cells.text(
                        "Type",
                        0,
                        "Type of this event (Normal, Warning), new types could be added in the"
                                + " future",
                        Event.class,
                        event -> Cells.orElse(event.getType(), "")),
                Cells.text(
                        "Reason",
                        0,
                        "This should be a short, machine understandable string that gives the"
                                + " reason for the transition into the object's current status.",
                        Event.class,
                        event -> Cells.orElse(event.getReason(), "")),
                Cells.text(
                        "Object",
                        0,
                        "The object that this event is about.",
                        Event.class,
                        EventTable::object),
                Cells.text(
                        "Subobject",
                        1,
                        FIELD_PATH,
                        Event.class,
                        event -> Cells.orElse(about(event).getFieldPath(), "")),
                Cells.text(
                        "Source",
                        1,
                        "The component reporting this event. Should be a short machine"
                                + " understandable string.",
                        Event.class,
                        EventTable::source),
                Cells.text(
                        "Message",
                        0,
                        "A human-readable description of the status of this operation.",
                        Event.class,
                        event -> Cells.orElse(event.getMessage(), "").strip()),
                Cells.text(
                        "First Seen",
                        1,
                        "The time at which the event was first recorded. (Time of server receipt is"
                                + " in TypeMeta.)",
                        Event.class,
                        (event, now) -> Cells.since(firstSeen(event), now)),
                Cells.number(
                        "Count",
                        "string",
                        1,
                        "The number of times this event has occurred.",
                        Event.class,
                        EventTable::count),
                Cells.name(1));
    }

    private static Optional<Instant> firstSeen(Event event) {
        return Cells.instant(event.getFirstTimestamp()).or(() -> micro(event.getEventTime()));
    }

    private static Optional<Instant> lastSeen(Event event) {
        if (event.getSeries() != null) {
            return micro(event.getSeries().getLastObservedTime());
        }
        return Cells.instant(event.getLastTimestamp()).or(() -> firstSeen(event));
    }

    private static Optional<Instant> micro(@Nullable MicroTime time) {
        return time == null ? Optional.empty() : Cells.instant(time.getTime());
    }

    private static int count(Event event) {
        if (event.getSeries() != null) {
            return Cells.orZero(event.getSeries().getCount());
        }
        // An event that was told once has no count in the newer of the two APIs.
        return Math.max(1, Cells.orZero(event.getCount()));
    }

    private static ObjectReference about(Event event) {
        return event.getInvolvedObject() == null
                ? new ObjectReference()
                : event.getInvolvedObject();
    }

    private static String object(Event event) {
        String kind = Cells.orElse(about(event).getKind(), "").toLowerCase(Locale.ROOT);
        String name = Cells.orElse(about(event).getName(), "");
        return name.isEmpty() ? kind : kind + "/" + name;
    }

    private static String source(Event event) {
        boolean known = event.getSource() != null;
        String component = known ? Cells.orElse(event.getSource().getComponent(), "") : "";
        String host = known ? Cells.orElse(event.getSource().getHost(), "") : "";
        return Stream.of(
                        Cells.orElse(component, Cells.orElse(event.getReportingComponent(), "")),
                        Cells.orElse(host, Cells.orElse(event.getReportingInstance(), "")))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(", "));
    }
}
