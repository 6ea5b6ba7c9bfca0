package dev.shiplog.journal.axon;

import dev.shiplog.journal.Journal;
import dev.shiplog.journal.NewEvent;
import dev.shiplog.journal.StoredEvent;
import dev.shiplog.journal.Tag;
import dev.shiplog.resource.Position;

import org.axonframework.common.Registration;
import org.axonframework.common.infra.ComponentDescriptor;
import org.axonframework.eventsourcing.eventstore.AppendCondition;
import org.axonframework.eventsourcing.eventstore.ContinuousMessageStream;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.eventsourcing.eventstore.GlobalIndexPosition;
import org.axonframework.eventsourcing.eventstore.SourcingCondition;
import org.axonframework.eventsourcing.eventstore.TaggedEventMessage;
import org.axonframework.messaging.core.Context;
import org.axonframework.messaging.core.MessageStream;
import org.axonframework.messaging.core.QualifiedName;
import org.axonframework.messaging.core.SimpleEntry;
import org.axonframework.messaging.core.unitofwork.ProcessingContext;
import org.axonframework.messaging.eventhandling.EventMessage;
import org.axonframework.messaging.eventhandling.TerminalEventMessage;
import org.axonframework.messaging.eventhandling.processing.streaming.token.GlobalSequenceTrackingToken;
import org.axonframework.messaging.eventhandling.processing.streaming.token.TrackingToken;
import org.axonframework.messaging.eventstreaming.EventsCondition;
import org.axonframework.messaging.eventstreaming.StreamingCondition;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/**
 * Axon's storage engine over a {@link Journal}.
 *
 * <p>A tracking token, a sourcing position and a consistency marker are all the position of the
 * last event seen; 0 is before the first. Sourcing and streaming begin after it.
 */
public final class JournalStorageEngine implements EventStorageEngine {
    /** How many events are read at once. */
    static final int PAGE_EVENTS = 500;

    private final Journal journal;
    private final MessageMapping mapping;

    public JournalStorageEngine(Journal journal, MessageMapping mapping) {
        this.journal = journal;
        this.mapping = mapping;
    }

    @Override
    public CompletableFuture<AppendTransaction<?>> appendEvents(
            AppendCondition condition,
            @Nullable ProcessingContext context,
            List<TaggedEventMessage<?>> messages) {
        List<NewEvent> events = new ArrayList<>(messages.size());
        for (TaggedEventMessage<?> message : messages) {
            events.add(mapping.toEvent(message));
        }
        return CompletableFuture.completedFuture(
                new JournalTransaction(journal, events, Criteria.appendCondition(condition)));
    }

    @Override
    public MessageStream<EventMessage> source(
            SourcingCondition condition, @Nullable ProcessingContext context) {
        long start = Math.max(0, GlobalIndexPosition.toIndex(condition.start()));
        Position after = new Position(start);
        Position head = journal.head();
        List<StoredEvent> first =
                head.isAfter(after) ? nextPage(after, condition) : List.<StoredEvent>of();
        if (first.isEmpty()) {
            // The usual case: the state that a decision is made on is the newest.
            Context marker = new SourcedEntry.Marker(head).context();
            return MessageStream.just(TerminalEventMessage.INSTANCE, _ -> marker);
        }
        return MessageStream.fromStream(
                SourcedEntry.stream(this, condition, first, head),
                entry -> entry.message(mapping),
                SourcedEntry::context);
    }

    @Override
    public MessageStream<EventMessage> stream(
            StreamingCondition condition, @Nullable ProcessingContext context) {
        Position start = new Position(Math.max(0, condition.position().position().orElse(0)));
        return new ContinuousMessageStream<StoredEvent>(
                last -> nextPage(last == null ? start : last.position(), condition),
                event -> new SimpleEntry<>(mapping.toMessage(event), tokenAfter(event)),
                (_, callback) -> {
                    Journal.Subscription subscription =
                            journal.subscribe(journal.head(), _ -> callback.run());
                    return closing(subscription);
                });
    }

    private static Registration closing(Journal.Subscription subscription) {
        return () -> {
            subscription.close();
            return true;
        };
    }

    static Context tokenAfter(StoredEvent event) {
        return TrackingToken.addToContext(
                Context.empty(), new GlobalSequenceTrackingToken(event.position().value()));
    }

    /** The position of a sourced event; empty for the marker at the end. */
    static OptionalLong positionOf(MessageStream.Entry<? extends EventMessage> entry) {
        return TrackingToken.fromContext(entry)
                .map(TrackingToken::position)
                .orElse(OptionalLong.empty());
    }

    /** The next page that has a match; empty at the end of the log. */
    List<StoredEvent> nextPage(Position after, EventsCondition condition) {
        Optional<List<Tag>> tags = Criteria.anyOf(condition.criteria());
        Position from = after;
        while (true) {
            List<StoredEvent> page =
                    tags.isPresent()
                            ? journal.read(from, tags.get(), PAGE_EVENTS)
                            : journal.read(from, PAGE_EVENTS);
            List<StoredEvent> matching =
                    page.stream().filter(event -> matches(condition, event)).toList();
            if (!matching.isEmpty() || page.isEmpty()) {
                return matching;
            }
            from = page.getLast().position();
        }
    }

    private static boolean matches(EventsCondition condition, StoredEvent event) {
        Set<org.axonframework.messaging.eventstreaming.Tag> tags =
                event.event().tags().stream()
                        .map(tag ->
                                new org.axonframework.messaging.eventstreaming.Tag(
                                        tag.name(), tag.value()))
                        .collect(Collectors.toSet());
        return condition.matches(new QualifiedName(event.event().type()), tags);
    }

    @Override
    public CompletableFuture<TrackingToken> firstToken(@Nullable ProcessingContext context) {
        return token(Position.ORIGIN);
    }

    @Override
    public CompletableFuture<TrackingToken> latestToken(@Nullable ProcessingContext context) {
        return token(journal.head());
    }

    /** Looks through the log: for tests and repairs, not for every day. */
    @Override
    public CompletableFuture<TrackingToken> tokenAt(
            Instant at, @Nullable ProcessingContext context) {
        Position from = Position.ORIGIN;
        while (true) {
            List<StoredEvent> page = journal.read(from, PAGE_EVENTS);
            for (StoredEvent event : page) {
                if (!event.event().time().isBefore(at)) {
                    return token(new Position(event.position().value() - 1));
                }
                from = event.position();
            }
            if (page.isEmpty()) {
                return token(from);
            }
        }
    }

    private static CompletableFuture<TrackingToken> token(Position position) {
        return CompletableFuture.completedFuture(new GlobalSequenceTrackingToken(position.value()));
    }

    @Override
    public void describeTo(ComponentDescriptor descriptor) {
        descriptor.describeProperty("journal", journal.location());
    }
}
