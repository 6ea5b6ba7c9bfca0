package dev.shiplog.journal.axon;

import dev.shiplog.journal.AppendCondition;
import dev.shiplog.journal.AppendConflict;
import dev.shiplog.journal.Journal;
import dev.shiplog.journal.NewEvent;
import dev.shiplog.resource.Position;

import org.axonframework.eventsourcing.eventstore.AppendEventsTransactionRejectedException;
import org.axonframework.eventsourcing.eventstore.ConsistencyMarker;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine.AppendTransaction;
import org.axonframework.eventsourcing.eventstore.GlobalIndexConsistencyMarker;
import org.axonframework.messaging.core.unitofwork.ProcessingContext;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** One append, made when Axon's unit of work commits. */
record JournalTransaction(Journal journal, List<NewEvent> events, AppendCondition condition)
        implements AppendTransaction<Position> {

    @Override
    public CompletableFuture<Position> commit(@Nullable ProcessingContext context) {
        if (events.isEmpty()) {
            return CompletableFuture.completedFuture(journal.head());
        }
        return journal.append(events, condition)
                .thenApply(stored -> stored.getLast().position())
                .exceptionallyCompose(
                        failure -> CompletableFuture.failedFuture(inAxonsTerms(failure)));
    }

    private static Throwable inAxonsTerms(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        return cause instanceof AppendConflict conflict
                ? new AppendEventsTransactionRejectedException(conflict.getMessage())
                : cause;
    }

    @Override
    public void rollback(@Nullable ProcessingContext context) {
        // Nothing was written before the commit.
    }

    @Override
    public CompletableFuture<ConsistencyMarker> afterCommit(
            Position last, @Nullable ProcessingContext context) {
        return CompletableFuture.completedFuture(new GlobalIndexConsistencyMarker(last.value()));
    }
}
