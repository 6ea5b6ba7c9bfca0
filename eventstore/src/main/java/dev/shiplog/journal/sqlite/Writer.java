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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes, one transaction at a time. Whatever has queued up while the disk was busy becomes the
 * next transaction of the writer's thread, so that the more callers there are, the more of them
 * share an fsync. An append that finds nobody writing and nobody waiting is written by its caller:
 * handing it to another thread and back would cost as much as the fsync.
 *
 * <p>Invariants: tasks are written in the order in which they were submitted. Nothing is
 * acknowledged that is not committed. After a failed write nothing is written any more, and
 * everything that waits or comes later fails with the same {@link JournalFailure}: what the disk
 * holds after a failed fsync is not known, so trying again could acknowledge a loss.
 */
final class Writer implements AutoCloseable {
    static final int MAX_WAITING_TASKS = 4_096;
    static final int MAX_TASKS_PER_TRANSACTION = 1_024;
    static final Duration CLOSE_LIMIT = Duration.ofSeconds(60);

    /** How often somebody who waits for a place in the queue looks whether writing has ended. */
    private static final long LOOK_MILLISECONDS = 100;

    /**
     * Whether a caller may write. A virtual thread that writes keeps its processor while the disk
     * works; with a single one, nothing else would go on meanwhile.
     */
    private static final boolean CALLERS_WRITE = Runtime.getRuntime().availableProcessors() > 1;

    private final Path file;
    private final Connection connection;
    private final WriteStatements statements;
    private final RecentEvents recent;
    private final Commits commits;
    private final Thread thread;
    private final CompletableFuture<JournalFailure> stopped = new CompletableFuture<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final Condition room = lock.newCondition();
    private final Deque<Task> queue = new ArrayDeque<>();
    private boolean writing;
    private @Nullable RuntimeException ended;

    /** Touched by whoever writes, of whom there is one. */
    private Head head;

    /** Who is told of commits. */
    interface Commits {
        /** Called after a commit, before anything in it is acknowledged. */
        void durable(Head head);

        /** Called when all in it are acknowledged. */
        void acknowledged(Head head);
    }

    Writer(Path file, Connection connection, RecentEvents recent, Head head, Commits commits)
            throws SQLException {
        this.file = file;
        this.connection = connection;
        this.recent = recent;
        this.head = head;
        this.commits = commits;
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

    /**
     * Writes a task or queues it; blocks while the queue is full. Fails the task if the writer has
     * ended.
     */
    void submit(Task task) {
        boolean mine;
        try {
            mine = take(task);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            Task.fail(task, new IllegalStateException("interrupted while waiting to append", e));
            return;
        }
        if (mine) {
            carryOut(List.of(task));
        }
    }

    /** Whether the caller is to write the task; else it is queued, or has failed. */
    private boolean take(Task task) throws InterruptedException {
        RuntimeException reason;
        lock.lockInterruptibly();
        try {
            while (ended == null && queue.size() >= MAX_WAITING_TASKS) {
                // Full: the disk sets the pace.
                boolean _ = room.await(LOOK_MILLISECONDS, TimeUnit.MILLISECONDS);
            }
            reason = ended;
            if (reason == null) {
                if (CALLERS_WRITE && task instanceof Task.Append && isIdle()) {
                    writing = true;
                    return true;
                }
                queue.addLast(task);
                work.signal();
                return false;
            }
        } finally {
            lock.unlock();
        }
        Task.fail(task, reason);
        return false;
    }

    private boolean isIdle() {
        return !writing && queue.isEmpty();
    }

    private void run() {
        try {
            while (true) {
                List<Task> batch = next();
                if (batch.isEmpty() || !carryOut(batch)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            end(
                    new IllegalStateException("the writer of " + file + " was interrupted", e),
                    List.of());
        }
    }

    /** The next transaction's tasks, once nobody else writes; none when writing has ended. */
    private List<Task> next() throws InterruptedException {
        lock.lock();
        try {
            while (ended == null && (writing || queue.isEmpty())) {
                work.await();
            }
            if (ended != null) {
                return List.of();
            }
            List<Task> batch = new ArrayList<>();
            while (!queue.isEmpty() && batch.size() < MAX_TASKS_PER_TRANSACTION) {
                batch.add(queue.removeFirst());
            }
            writing = true;
            room.signalAll();
            return batch;
        } finally {
            lock.unlock();
        }
    }

    /** Whether to go on. Every task has its answer afterwards. */
    private boolean carryOut(List<Task> batch) {
        try {
            if (write(batch)) {
                return true;
            }
            end(new IllegalStateException("the journal " + file + " is closed"), batch);
        } catch (SQLException | RuntimeException | Error e) {
            JournalFailure reason = failure(e);
            end(reason, batch);
            stopped.complete(reason);
        } finally {
            lock.lock();
            try {
                writing = false;
                if (!queue.isEmpty() || ended != null) {
                    work.signal();
                }
            } finally {
                lock.unlock();
            }
        }
        return false;
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
        statements.commit();
        if (!transaction.events().isEmpty()) {
            head = transaction.head();
            recent.add(transaction.events());
            commits.durable(head);
        }
        answers.forEach(Runnable::run);
        if (!transaction.events().isEmpty()) {
            commits.acknowledged(head);
        }
        statements.begin();
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

    /** Called by whoever writes; nobody does afterwards. */
    private void end(RuntimeException reason, List<Task> batch) {
        List<Task> rest;
        lock.lock();
        try {
            ended = reason;
            rest = new ArrayList<>(queue);
            queue.clear();
            room.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            connection.close();
        } catch (SQLException e) {
            reason.addSuppressed(e);
        }
        batch.forEach(task -> Task.fail(task, reason));
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
