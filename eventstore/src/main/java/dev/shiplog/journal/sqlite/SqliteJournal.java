package dev.shiplog.journal.sqlite;

import dev.shiplog.journal.AppendCondition;
import dev.shiplog.journal.EventPage;
import dev.shiplog.journal.Journal;
import dev.shiplog.journal.JournalFailure;
import dev.shiplog.journal.NewEvent;
import dev.shiplog.journal.Snapshot;
import dev.shiplog.journal.StoredEvent;
import dev.shiplog.journal.Tag;
import dev.shiplog.resource.Position;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The log in one SQLite file (write-ahead log, {@code synchronous=FULL}). An auditor can open it
 * with any SQLite client: the view {@code log} shows the events with readable times.
 *
 * <p>Beside the file lie {@code -wal} and {@code -shm}, which are SQLite's and belong to it, and
 * {@code .lock}, which names the process that writes.
 */
public final class SqliteJournal implements Journal {
    /** How long {@link #save} waits for the disk, in seconds. */
    static final int SAVE_SECONDS = 120;

    /** Subscribers are signalled; they look by themselves now and then all the same. */
    private static final long LOOK_MILLISECONDS = 1_000;

    private final Path file;
    private final WriterLock lock;
    private final Readers readers;
    private final RecentEvents recent;
    private final HeadSignal signal;
    private final Writer writer;
    private final Set<Subscriber> subscribers = ConcurrentHashMap.newKeySet();
    private volatile Head head;

    private SqliteJournal(Path file, WriterLock lock, Readers readers, Connection connection)
            throws SQLException {
        this.file = file;
        this.lock = lock;
        this.readers = readers;
        this.head = TailCheck.check(readers, file);
        this.recent = new RecentEvents(head.position());
        this.signal = new HeadSignal(head.position());
        this.writer = new Writer(file, connection, recent, head, new Commits());
    }

    /**
     * Opens a log for writing and reading; makes it if it is not there. Checks its newest events.
     *
     * @throws JournalFailure if another process writes to it, or the file is damaged, or not a log
     */
    public static SqliteJournal open(Path file) {
        Path path = file.toAbsolutePath();
        try {
            Files.createDirectories(path.getParent());
        } catch (IOException e) {
            throw new JournalFailure("the folder of " + path + " could not be made: " + e, e);
        }
        WriterLock lock = WriterLock.take(path);
        try {
            return open(path, lock);
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static SqliteJournal open(Path path, WriterLock lock) {
        Readers readers = new Readers(path);
        try {
            Connection connection = Connections.writer(path);
            try {
                SqliteJournal journal = new SqliteJournal(path, lock, readers, connection);
                journal.writer.start();
                return journal;
            } catch (SQLException | RuntimeException e) {
                readers.close();
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            throw new JournalFailure(
                    "expected a Shiplog log in "
                            + path
                            + ", found: "
                            + e.getMessage()
                            + ". The file is damaged or is something else: restore it from a backup,"
                            + " or name another file.",
                    e);
        }
    }

    /**
     * Opens a log for reading only, also while another process writes to it. Appends fail.
     *
     * @throws JournalFailure if the file is not there, or damaged, or not a log
     */
    public static Journal openReadOnly(Path file) {
        return ReadOnlyJournal.open(file.toAbsolutePath());
    }

    @Override
    public Position head() {
        return head.position();
    }

    @Override
    public byte[] headHash() {
        return head.hash().clone();
    }

    @Override
    public CompletableFuture<List<StoredEvent>> append(
            List<NewEvent> events, AppendCondition condition) {
        AppendCheck.check(events);
        CompletableFuture<List<StoredEvent>> result = new CompletableFuture<>();
        writer.submit(new Task.Append(List.copyOf(events), condition, result));
        return result;
    }

    @Override
    public List<StoredEvent> read(Position after, int limit) {
        return recent.after(after, limit)
                .orElseGet(
                        () -> readers.ask("positions after " + after, r -> r.read(after, limit)));
    }

    @Override
    public EventPage page(Position after, int limit) {
        return readers.ask("positions after " + after, reader -> reader.page(after, limit, this));
    }

    @Override
    public List<StoredEvent> read(Position after, List<Tag> tags, int limit) {
        Optional<Position> newest = recent.newestWith(tags, after);
        if (newest.isPresent() && !newest.get().isAfter(after)) {
            return List.of();
        }
        return readers.ask(
                "events with one of " + tags + " after " + after, r -> r.read(after, tags, limit));
    }

    @Override
    public Subscription subscribe(Supplier<Position> at, Consumer<List<StoredEvent>> batch) {
        Subscriber subscriber = new Subscriber(this, signal, LOOK_MILLISECONDS, at, batch);
        subscribers.add(subscriber);
        subscriber.start();
        return () -> {
            subscribers.remove(subscriber);
            subscriber.close();
        };
    }

    @Override
    public void save(Snapshot snapshot) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        writer.submit(new Task.Save(snapshot, result));
        try {
            result.get(SAVE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while saving a snapshot", e);
        } catch (TimeoutException e) {
            throw new IllegalStateException(
                    "expected a snapshot to be written within " + SAVE_SECONDS + " s", e);
        } catch (ExecutionException e) {
            throw new JournalFailure(
                    "the snapshot at position " + snapshot.position() + " was not written", e);
        }
    }

    @Override
    public Optional<Snapshot> snapshot(String name, int format, Position atOrBefore) {
        return readers.ask(
                "the snapshot " + name + " at or before " + atOrBefore,
                reader -> reader.snapshot(name, format, atOrBefore));
    }

    @Override
    public void whenStopped(Consumer<JournalFailure> listener) {
        var _ = writer.stopped().thenAccept(listener);
    }

    @Override
    public String location() {
        return file.toString();
    }

    private final class Commits implements Writer.Commits {
        @Override
        public void durable(Head newHead) {
            head = newHead;
        }

        /**
         * Subscribers come last: whoever waits for an answer may have done their work already. To
         * wake another thread for it costs a tenth of a command.
         */
        @Override
        public void acknowledged(Head newHead) {
            for (Subscriber subscriber : subscribers) {
                if (subscriber.isBefore(newHead.position())) {
                    signal.moveTo(newHead.position());
                    return;
                }
            }
        }
    }

    /** Ends the subscriptions, writes what was submitted, gives the file free. */
    @Override
    public void close() {
        // The writer's connection goes last: it brings everything into the one file.
        try (lock;
                writer;
                readers) {
            subscribers.forEach(Subscriber::close);
            subscribers.clear();
        }
    }
}
