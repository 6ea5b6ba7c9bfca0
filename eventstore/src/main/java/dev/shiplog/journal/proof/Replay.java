package dev.shiplog.journal.proof;

import dev.shiplog.event.EventCodec;
import dev.shiplog.event.Recorded;
import dev.shiplog.journal.HashChain;
import dev.shiplog.journal.Journal;
import dev.shiplog.journal.JournalFailure;
import dev.shiplog.journal.StoredEvent;
import dev.shiplog.resource.Position;
import dev.shiplog.state.ClusterState;
import dev.shiplog.state.StateCodec;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Folds a log from zero and checks every position and hash on the way: one thread reads, two decode
 * and check, the caller's applies in order.
 */
public final class Replay {
    /** How many events travel together. */
    static final int PAGE_EVENTS = 2_000;

    /** How many pages may be on their way between the reader and the fold. */
    static final int MAX_PAGES = 8;

    static final int WORKERS = 2;

    /** How long one page may take, in seconds, before the replay counts as stuck. */
    static final int PAGE_SECONDS = 120;

    private final Journal journal;
    private final EventCodec codec;
    private final Position upTo;
    private final BlockingQueue<Future<List<Recorded>>> pages = new ArrayBlockingQueue<>(MAX_PAGES);
    private volatile boolean stopped;

    private Replay(Journal journal, EventCodec codec, Position upTo) {
        this.journal = journal;
        this.codec = codec;
        this.upTo = upTo;
    }

    /**
     * What a replay found: the whole log, sound.
     *
     * @param head the last position replayed
     * @param headHash its hash
     * @param stateHash the hash of the state that the log folds to; see {@link StateCodec}
     * @param elapsed how long reading, checking and folding took
     */
    public record Result(
            long events,
            Duration elapsed,
            Position head,
            byte[] headHash,
            byte[] stateHash,
            ClusterState state) {

        public double eventsPerSecond() {
            return events / Math.max(1e-9, elapsed.toNanos() / 1e9);
        }
    }

    /**
     * Replays a log up to its head of now.
     *
     * @throws JournalFailure if a position is missing, a hash does not follow from the one before,
     *     or an event cannot be read; the message names the position
     */
    public static Result verify(Journal journal) {
        return verify(journal, journal.head());
    }

    /** As {@link #verify(Journal)}, up to a position that the log has reached. */
    public static Result verify(Journal journal, Position upTo) {
        return new Replay(journal, EventCodec.STANDARD, upTo).run();
    }

    private Result run() {
        long begin = System.nanoTime();
        ClusterState state = ClusterState.EMPTY;
        try (ExecutorService workers = Executors.newFixedThreadPool(WORKERS)) {
            Thread reader = Thread.ofPlatform().name("replay-reader").start(() -> read(workers));
            try {
                while (upTo.isAfter(state.position())) {
                    state = state.evolve(next());
                }
            } finally {
                stopped = true;
                reader.interrupt();
            }
        }
        Duration elapsed = Duration.ofNanos(System.nanoTime() - begin);
        return new Result(
                upTo.value(), elapsed, upTo, hashAt(upTo), StateCodec.stateHash(state), state);
    }

    private List<Recorded> next() {
        try {
            Future<List<Recorded>> page = pages.poll(PAGE_SECONDS, TimeUnit.SECONDS);
            if (page == null) {
                throw new IllegalStateException(
                        "expected the next events within " + PAGE_SECONDS + " s, found none");
            }
            return page.get(PAGE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the replay was interrupted", e);
        } catch (TimeoutException e) {
            throw new IllegalStateException("a page took longer than " + PAGE_SECONDS + " s", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException("a page could not be checked", e.getCause());
        }
    }

    private void read(ExecutorService workers) {
        Position position = Position.ORIGIN;
        byte[] hash = HashChain.origin();
        try {
            while (!stopped && upTo.isAfter(position)) {
                Position after = position;
                byte[] previous = hash;
                List<StoredEvent> page = journal.read(after, pageSize(after));
                if (page.isEmpty()) {
                    throw missing(after.next(), "the end of the log");
                }
                pages.put(workers.submit(() -> check(page, after, previous)));
                position = page.getLast().position();
                hash = page.getLast().hash();
            }
        } catch (InterruptedException e) {
            // The fold has what it needs, or has failed.
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            passOn(e);
        }
    }

    private int pageSize(Position after) {
        return (int) Math.min(PAGE_EVENTS, upTo.value() - after.value());
    }

    private void passOn(RuntimeException failure) {
        try {
            pages.put(CompletableFuture.failedFuture(failure));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<Recorded> check(List<StoredEvent> page, Position after, byte[] before) {
        Recorded[] events = new Recorded[page.size()];
        byte[] previous = before;
        String location = journal.location();
        long position = after.value();
        HashChain.Hasher hasher = new HashChain.Hasher();
        for (int i = 0; i < events.length; i++) {
            StoredEvent event = page.get(i);
            position++;
            if (event.position().value() != position) {
                throw missing(new Position(position), "position " + event.position());
            }
            hasher.check(previous, event, location);
            previous = event.hash();
            events[i] = codec.decode(event);
        }
        return List.of(events);
    }

    private JournalFailure missing(Position expected, String found) {
        return new JournalFailure(
                "expected position "
                        + expected
                        + " in "
                        + journal.location()
                        + ", found "
                        + found
                        + ": events are missing. Restore the file from a backup; every position"
                        + " before this one is sound.");
    }

    private byte[] hashAt(Position position) {
        return position.equals(Position.ORIGIN)
                ? HashChain.origin()
                : journal.read(new Position(position.value() - 1), 1).getFirst().hash();
    }
}
