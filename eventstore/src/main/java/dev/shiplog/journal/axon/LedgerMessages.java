package dev.shiplog.journal.axon;

import dev.shiplog.event.Event;
import dev.shiplog.event.EventCodec;
import dev.shiplog.event.Tags;
import dev.shiplog.journal.Cause;
import dev.shiplog.journal.FurtherCauses;
import dev.shiplog.journal.NewEvent;
import dev.shiplog.journal.Origin;
import dev.shiplog.journal.StoredEvent;
import dev.shiplog.journal.Tag;
import dev.shiplog.resource.CommitId;
import dev.shiplog.resource.Position;

import org.axonframework.eventsourcing.eventstore.TaggedEventMessage;
import org.axonframework.messaging.core.MessageType;
import org.axonframework.messaging.eventhandling.EventMessage;
import org.axonframework.messaging.eventhandling.GenericEventMessage;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The cluster's events as Axon messages: the payload is the event itself, the metadata says where
 * it comes from.
 */
final class LedgerMessages implements MessageMapping {
    private static final String ACTOR = "actor";
    private static final String CAUSE = "cause";
    private static final String CORRELATION = "correlation";
    private static final String COMMIT = "commit";
    private static final String FURTHER = "further";
    private static final String UNNAMED = "unnamed";
    private static final String SIBLING = "sibling ";

    private final EventCodec codec;

    LedgerMessages(EventCodec codec) {
        this.codec = codec;
    }

    /** A message about something that is about to be recorded. */
    EventMessage message(Event event, Instant time, Origin origin) {
        String type = codec.type(event);
        return new GenericEventMessage(
                MessageIds.random(),
                new MessageType(type, Integer.toString(codec.version(type))),
                event,
                metadata(origin),
                time);
    }

    /** What the event is about, for Axon. */
    static Set<org.axonframework.messaging.eventstreaming.Tag> tags(EventMessage message) {
        Set<org.axonframework.messaging.eventstreaming.Tag> tags = new HashSet<>();
        for (Tag tag : Tags.of(event(message))) {
            tags.add(Criteria.axon(tag));
        }
        return tags;
    }

    @Override
    public NewEvent toEvent(TaggedEventMessage<?> tagged) {
        EventMessage message = tagged.event();
        return new NewEvent(
                message.identifier(),
                message.type().name(),
                Integer.parseInt(message.type().version()),
                message.timestamp(),
                origin(message.metadata()),
                tags(tagged),
                codec.encode(event(message)));
    }

    /** In one order for ever, whatever Axon's sets do. */
    private static List<Tag> tags(TaggedEventMessage<?> tagged) {
        List<Tag> tags = new ArrayList<>(tagged.tags().size());
        for (org.axonframework.messaging.eventstreaming.Tag tag : tagged.tags()) {
            tags.add(Criteria.ours(tag));
        }
        Collections.sort(tags);
        return tags;
    }

    @Override
    public EventMessage toMessage(StoredEvent stored) {
        NewEvent event = stored.event();
        return new GenericEventMessage(
                event.id(),
                new MessageType(event.type(), Integer.toString(event.version())),
                codec.decode(stored).event(),
                metadata(event.origin()),
                event.time());
    }

    private static Event event(EventMessage message) {
        if (message.payload() instanceof Event event) {
            return event;
        }
        throw new IllegalArgumentException(
                "expected an event of the cluster, found " + message.payloadType());
    }

    static Map<String, String> metadata(Origin origin) {
        Map<String, String> metadata = new TreeMap<>();
        metadata.put(ACTOR, origin.actor());
        metadata.put(CORRELATION, origin.correlation());
        origin.commit().ifPresent(commit -> metadata.put(COMMIT, commit.value()));
        switch (origin.cause()) {
            case Cause.None _ -> {
                // No entry, no cause.
            }
            case Cause.At(Position position) -> metadata.put(CAUSE, position.toString());
            case Cause.Sibling(int index) -> metadata.put(CAUSE, SIBLING + index);
        }
        if (!origin.further().isEmpty()) {
            metadata.put(
                    FURTHER,
                    origin.further().named().stream()
                            .map(Position::toString)
                            .collect(Collectors.joining(" ")));
            metadata.put(UNNAMED, Integer.toString(origin.further().unnamed()));
        }
        return metadata;
    }

    static Origin origin(Map<String, String> metadata) {
        String actor = metadata.getOrDefault(ACTOR, "");
        String correlation = metadata.getOrDefault(CORRELATION, "");
        Optional<CommitId> commit = Optional.ofNullable(metadata.get(COMMIT)).map(CommitId::new);
        return new Origin(
                actor,
                cause(metadata.getOrDefault(CAUSE, "")),
                correlation,
                commit,
                further(metadata));
    }

    private static FurtherCauses further(Map<String, String> metadata) {
        String named = metadata.get(FURTHER);
        if (named == null) {
            return FurtherCauses.NONE;
        }
        return new FurtherCauses(
                Stream.of(named.split(" "))
                        .filter(one -> !one.isEmpty())
                        .map(one -> new Position(Long.parseLong(one)))
                        .toList(),
                Integer.parseInt(metadata.getOrDefault(UNNAMED, "0")));
    }

    private static Cause cause(String text) {
        if (text.isEmpty()) {
            return Cause.none();
        }
        return text.startsWith(SIBLING)
                ? new Cause.Sibling(Integer.parseInt(text.substring(SIBLING.length())))
                : new Cause.At(new Position(Long.parseLong(text)));
    }
}
