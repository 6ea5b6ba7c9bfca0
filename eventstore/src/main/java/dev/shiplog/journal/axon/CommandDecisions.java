package dev.shiplog.journal.axon;

import dev.shiplog.command.Command;
import dev.shiplog.decide.Decider;
import dev.shiplog.decide.Decision;
import dev.shiplog.decide.Ids;
import dev.shiplog.event.Tags;
import dev.shiplog.journal.Origin;
import dev.shiplog.journal.Tag;
import dev.shiplog.ledger.Origins;
import dev.shiplog.resource.Position;
import dev.shiplog.state.ClusterState;

import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.eventsourcing.eventstore.EventStoreTransaction;
import org.axonframework.eventsourcing.eventstore.GlobalIndexConsistencyMarker;
import org.axonframework.eventsourcing.eventstore.SourcingCondition;
import org.axonframework.messaging.commandhandling.CommandHandler;
import org.axonframework.messaging.commandhandling.CommandMessage;
import org.axonframework.messaging.commandhandling.CommandResultMessage;
import org.axonframework.messaging.commandhandling.GenericCommandResultMessage;
import org.axonframework.messaging.core.MessageStream;
import org.axonframework.messaging.core.MessageType;
import org.axonframework.messaging.core.unitofwork.ProcessingContext;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Axon's handler of every command: looks whether the log holds anything newer about what the
 * command touches, decides, and publishes inside the unit of work.
 *
 * <p>What guards the append are the command's boundary and the resources of the events themselves:
 * so an event in the log can always be folded, whatever happened to its resource meanwhile.
 */
final class CommandDecisions implements CommandHandler {
    private static final MessageType REPLY = new MessageType("Reply", "1");

    private final EventStore store;
    private final LedgerMessages messages;
    private final Origins origins;
    private final Supplier<ClusterState> newest;
    private final Supplier<Instant> clock;
    private final Ids ids;

    CommandDecisions(
            EventStore store,
            LedgerMessages messages,
            Origins origins,
            Supplier<ClusterState> newest,
            Supplier<Instant> clock,
            Ids ids) {
        this.store = store;
        this.messages = messages;
        this.origins = origins;
        this.newest = newest;
        this.clock = clock;
        this.ids = ids;
    }

    @Override
    public MessageStream.Single<CommandResultMessage> handle(
            CommandMessage message, ProcessingContext context) {
        if (!(message.payload() instanceof Command command)) {
            throw new IllegalArgumentException(
                    "expected a command of the cluster, found " + message.payloadType());
        }
        Reply reply = decide(command, LedgerMessages.origin(message.metadata()), context);
        return MessageStream.just(new GenericCommandResultMessage(REPLY, reply));
    }

    private Reply decide(Command command, Origin origin, ProcessingContext context) {
        ClusterState state = newest.get();
        EventStoreTransaction transaction = store.transaction(context);
        List<Tag> boundary = Decider.boundary(command);
        Position seen = lastAfter(transaction, state.position(), boundary);
        if (seen.isAfter(state.position())) {
            return new Reply.Behind(seen);
        }
        Instant now = clock.get().truncatedTo(ChronoUnit.MICROS);
        return switch (Decider.decide(state, command, now, ids)) {
            case Decision.Refused refused -> new Reply.Refused(refused);
            case Decision.Accepted(List<Decision.Proposed> proposed) -> {
                List<Tag> others = resourcesBeyond(boundary, proposed);
                Position last = lastAfter(transaction, state.position(), others);
                yield last.isAfter(state.position())
                        ? new Reply.Behind(last)
                        : publish(transaction, proposed, now, origin);
            }
        };
    }

    private Reply publish(
            EventStoreTransaction transaction,
            List<Decision.Proposed> proposed,
            Instant now,
            Origin origin) {
        List<Origin> each = origins.each(proposed, origin);
        for (int i = 0; i < each.size(); i++) {
            transaction.appendEvent(messages.message(proposed.get(i).event(), now, each.get(i)));
        }
        return new Reply.Published(transaction, proposed, now, each);
    }

    /** Sources what is newer than the state; this also arms the append condition. */
    private static Position lastAfter(
            EventStoreTransaction transaction, Position state, List<Tag> tags) {
        if (tags.isEmpty()) {
            return state;
        }
        SourcingCondition condition =
                SourcingCondition.conditionFor(
                        new GlobalIndexConsistencyMarker(state.value()).position(),
                        Criteria.havingAnyOf(tags));
        long newer =
                transaction
                        .source(condition)
                        .reduce(
                                state.value(),
                                (last, entry) ->
                                        JournalStorageEngine.positionOf(entry).orElse(last))
                        .join();
        return new Position(newer);
    }

    private static List<Tag> resourcesBeyond(List<Tag> boundary, List<Decision.Proposed> proposed) {
        TreeSet<Tag> tags = new TreeSet<>();
        for (Decision.Proposed one : proposed) {
            for (Tag tag : Tags.of(one.event())) {
                if (Tags.isResource(tag)) {
                    tags.add(tag);
                }
            }
        }
        boundary.forEach(tags::remove);
        return new ArrayList<>(tags);
    }
}
