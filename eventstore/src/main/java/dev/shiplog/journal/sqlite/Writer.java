package dev.shiplog.journal.sqlite;

import dev.shiplog.journal.AppendConflict;
import dev.shiplog.journal.JournalFailure;
import dev.shiplog.journal.StoredEvent;
import dev.shiplog.resource.Position;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The one thread that writes. Whatever has queued up while the disk was busy becomes the next
 * transaction, so that the more callers there are, the more of them share an fsync.
 *
 * <p>Invariant: nothing is acknowledged that is not committed. After a failed write the thread has
 * ended, and everything that waits or comes later fails with the same {@link JournalFailure}: what
 * the disk holds after a failed fsync is not known, so trying again could acknowledge a loss.
 */
final class Writer implements AutoCloseable {
    static final int MAX_WAITING_TASKS = 4_096;
    static final int MAX_TASKS_PER_TRANSACTION = 1_024;
    static final Duration CLOSE_LIMIT = Duration.ofSeconds(60);
    private static final long OFFER_MILLISECONDS = 100;

    private final Path file;
    private final Connection connection;
    private final WriteStatements statements;
    private final RecentEvents recent;
    private final Consumer<Head> committed;
    private final BlockingQueue<Task> queue = new ArrayBlockingQueue<>(MAX_WAITING_TASKS);
    private final Thread thread;
    private Head head;
    private volatile @Nullable RuntimeException ended;
    private final CompletableFuture<JournalFailure> stopped = new CompletableFuture<>();

    /**
     * @param committed told the new head after each commit, before anything is acknowledged
     */
    Writer(
            Path file,
            Connection connection,
            RecentEvents recent,
            Head head,
            Consumer<Head> committed)
            throws SQLException {
        this.file = file;
        this.connection = connection;
        this.recent = recent;
        this.head = head;
        this.committed = committed;
        this.statements = new WriteStatements(connection);
        connection.setAutoCommit(false);
        thread = Thread.ofPlatform().daemon().name("journal-writer").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Completes if writing ended because of a failure, after all that waited was told. */
    CompletableFuture<JournalFailure> stopped() {
        return stopped;
    }

    /** Queues a task; blocks while the queue is full. Fails the task if the writer has ended. */
    void submit(Task task) {
        try {
            while (ended == null && !queue.offer(task, OFFER_MILLISECONDS, TimeUnit.MILLISECONDS)) {
                // Full: the disk sets the pace.
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            Task.fail(task, new IllegalStateException("interrupted while waiting to append", e));
            return;
        }
        RuntimeException reason = ended;
        if (reason != null) {
            Task.fail(task, reason);
            failQueued(reason);
        }
    }

    private void run() {
        List<Task> batch = new ArrayList<>();
        try {
            while (true) {
                batch.clear();
                batch.add(queue.take());
                queue.drainTo(batch, MAX_TASKS_PER_TRANSACTION - 1);
                if (!write(batch)) {
                    end(new IllegalStateException("the journal " + file + " is closed"), batch);
                    return;
                }
            }
        } catch (InterruptedException e) {
            end(new IllegalStateException("the writer of " + file + " was interrupted", e), batch);
        } catch (SQLException | RuntimeException | Error e) {
            JournalFailure reason = failure(e);
            end(reason, batch);
            stopped.complete(reason);
        }
    }

    /** Whether to go on. */
    private boolean write(List<Task> batch) throws SQLException {
        Transaction transaction = new Transaction(statements, recent, head);
        List<Runnable> answers = new ArrayList<>(batch.size());
        boolean stop = false;
        for (Task task : batch) {
            switch (task) {
                case Task.Append append -> answers.add(append(append, transaction));
                case Task.Save save -> {
                    statements.save(save.snapshot());
                    answers.add(() -> save.result().complete(null));
                }
                case Task.Stop _ -> stop = true;
            }
        }
        connection.commit();
        if (!transaction.events().isEmpty()) {
            head = transaction.head();
            recent.add(transaction.events());
            committed.accept(head);
        }
        answers.forEach(Runnable::run);
        return !stop;
    }

    private static Runnable append(Task.Append append, Transaction transaction)
            throws SQLException {
        Optional<Position> conflict = transaction.conflict(append.condition());
        if (conflict.isPresent()) {
            AppendConflict answer = new AppendConflict(append.condition(), conflict.get());
            return () -> append.result().completeExceptionally(answer);
        }
        List<StoredEvent> stored = List.copyOf(transaction.append(append.events()));
        return () -> append.result().complete(stored);
    }

    private JournalFailure failure(Throwable cause) {
        return new JournalFailure(
                "expected to write position "
                        + head.position().next()
                        + " to "
                        + file
                        + ", found: "
                        + cause.getMessage()
                        + ". The log has stopped; nothing after position "
                        + head.position()
                        + " was acknowledged. Make room or repair the disk, then start again.",
                cause);
    }

    private void end(RuntimeException reason, List<Task> batch) {
        ended = reason;
        try {
            connection.close();
        } catch (SQLException e) {
            reason.addSuppressed(e);
        }
        batch.forEach(task -> Task.fail(task, reason));
        failQueued(reason);
    }

    private void failQueued(RuntimeException reason) {
        List<Task> rest = new ArrayList<>();
        queue.drainTo(rest);
        rest.forEach(task -> Task.fail(task, reason));
    }

    /** Writes what is queued, then ends. */
    @Override
    public void close() {
        submit(new Task.Stop());
        try {
            if (!thread.join(CLOSE_LIMIT)) {
                throw new IllegalStateException(
                        "expected the writer of "
                                + file
                                + " to finish within "
                                + CLOSE_LIMIT
                                + ", found it busy");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
