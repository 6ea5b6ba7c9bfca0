package dev.shiplog.journal.sqlite;

import dev.shiplog.journal.AppendCondition;
import dev.shiplog.journal.EventPage;
import dev.shiplog.journal.HashChain;
import dev.shiplog.journal.Journal;
import dev.shiplog.journal.JournalFailure;
import dev.shiplog.journal.NewEvent;
import dev.shiplog.journal.Snapshot;
import dev.shiplog.journal.StoredEvent;
import dev.shiplog.journal.Tag;
import dev.shiplog.resource.Position;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A log that another process may be writing to. */
final class ReadOnlyJournal implements Journal {
    /** How often a subscription looks for new events. */
    private static final long LOOK_MILLISECONDS = 200;

    private final Path file;
    private final Readers readers;
    private final HeadSignal signal = new HeadSignal(Position.ORIGIN);
    private final Set<Subscriber> subscribers = ConcurrentHashMap.newKeySet();

    private ReadOnlyJournal(Path file) {
        this.file = file;
        readers = new Readers(file);
    }

    static ReadOnlyJournal open(Path file) {
        if (!Files.isReadable(file)) {
            throw new JournalFailure(
                    "expected a log to read at "
                            + file
                            + ", found no such file, or none that may be read");
        }
        ReadOnlyJournal journal = new ReadOnlyJournal(file);
        try {
            TailCheck.check(journal.readers, file);
            return journal;
        } catch (RuntimeException e) {
            journal.readers.close();
            throw e;
        }
    }

    @Override
    public Position head() {
        return readers.ask("the head", Reader::head);
    }

    @Override
    public byte[] headHash() {
        Position head = head();
        if (head.equals(Position.ORIGIN)) {
            return HashChain.origin();
        }
        return read(new Position(head.value() - 1), 1).getFirst().hash();
    }

    @Override
    public CompletableFuture<List<StoredEvent>> append(
            List<NewEvent> events, AppendCondition condition) {
        throw readOnly();
    }

    @Override
    public List<StoredEvent> read(Position after, int limit) {
        return readers.ask("positions after " + after, reader -> reader.read(after, limit));
    }

    @Override
    public EventPage page(Position after, int limit) {
        return readers.ask("positions after " + after, reader -> reader.page(after, limit, this));
    }

    @Override
    public List<StoredEvent> read(Position after, List<Tag> tags, int limit) {
        return readers.ask(
                "events with one of " + tags + " after " + after,
                reader -> reader.read(after, tags, limit));
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
        throw readOnly();
    }

    @Override
    public Optional<Snapshot> snapshot(String name, int format, Position atOrBefore) {
        return readers.ask(
                "the snapshot " + name + " at or before " + atOrBefore,
                reader -> reader.snapshot(name, format, atOrBefore));
    }

    @Override
    public void whenStopped(Consumer<JournalFailure> listener) {
        // It never writes, so it never stops writing.
    }

    @Override
    public String location() {
        return file.toString();
    }

    @Override
    public void close() {
        subscribers.forEach(Subscriber::close);
        subscribers.clear();
        readers.close();
    }

    private UnsupportedOperationException readOnly() {
        return new UnsupportedOperationException(
                "the log " + file + " was opened for reading only");
    }
}
