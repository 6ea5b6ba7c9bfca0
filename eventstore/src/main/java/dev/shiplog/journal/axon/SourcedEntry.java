package dev.shiplog.journal.axon;

import dev.shiplog.journal.StoredEvent;
import dev.shiplog.resource.Position;

import org.axonframework.eventsourcing.eventstore.ConsistencyMarker;
import org.axonframework.eventsourcing.eventstore.GlobalIndexConsistencyMarker;
import org.axonframework.eventsourcing.eventstore.SourcingCondition;
import org.axonframework.messaging.core.Context;
import org.axonframework.messaging.eventhandling.EventMessage;
import org.axonframework.messaging.eventhandling.TerminalEventMessage;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** What sourcing gives: the matching events up to the head, then the marker of that head. */
sealed interface SourcedEntry {
    record Event(StoredEvent stored) implements SourcedEntry {}

    record Marker(Position head) implements SourcedEntry {}

    /** Reads page by page while the stream is consumed. */
    static Stream<SourcedEntry> stream(
            JournalStorageEngine engine,
            SourcingCondition condition,
            List<StoredEvent> first,
            Position head) {
        Stream<SourcedEntry> marker = Stream.of(new Marker(head));
        Stream<SourcedEntry> events =
                Stream.iterate(
                                first,
                                Objects::nonNull,
                                page ->
                                        page.isEmpty()
                                                ? List.<StoredEvent>of()
                                                : engine.nextPage(
                                                        page.getLast().position(), condition))
                        .takeWhile(page -> !page.isEmpty())
                        .flatMap(List::stream)
                        .takeWhile(event -> !event.position().isAfter(head))
                        .map(Event::new);
        return Stream.concat(events, marker);
    }

    default EventMessage message(MessageMapping mapping) {
        return switch (this) {
            case Event(StoredEvent stored) -> mapping.toMessage(stored);
            case Marker _ -> TerminalEventMessage.INSTANCE;
        };
    }

    default Context context() {
        return switch (this) {
            case Event(StoredEvent stored) -> JournalStorageEngine.tokenAfter(stored);
            case Marker(Position head) ->
                    ConsistencyMarker.addToContext(
                            Context.empty(), new GlobalIndexConsistencyMarker(head.value()));
        };
    }
}
