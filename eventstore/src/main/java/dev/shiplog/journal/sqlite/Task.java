package dev.shiplog.journal.sqlite;

import dev.shiplog.journal.AppendCondition;
import dev.shiplog.journal.NewEvent;
import dev.shiplog.journal.Snapshot;
import dev.shiplog.journal.StoredEvent;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What the writer is asked to do. */
sealed interface Task {
    record Append(
            List<NewEvent> events,
            AppendCondition condition,
            CompletableFuture<List<StoredEvent>> result)
            implements Task {}

    record Save(Snapshot snapshot, CompletableFuture<Void> result) implements Task {}

    /** The last task of all. */
    record Stop() implements Task {}

    static void fail(Task task, Throwable reason) {
        switch (task) {
            case Append append -> append.result().completeExceptionally(reason);
            case Save save -> save.result().completeExceptionally(reason);
            case Stop _ -> {
                // Nobody waits for it.
            }
        }
    }
}
