package dev.shiplog.journal.proof;

import dev.shiplog.event.EventCodec;
import dev.shiplog.event.Recorded;
import dev.shiplog.journal.EventPage;
import dev.shiplog.journal.HashChain;
import dev.shiplog.journal.Journal;
import dev.shiplog.journal.JournalFailure;
import dev.shiplog.journal.Origin;
import dev.shiplog.resource.Position;
import dev.shiplog.state.ClusterState;
import dev.shiplog.state.StateCodec;

import java.time.Duration;
import java.time.Instant;
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
    /** How many events travel together at most. */
    static final int PAGE_EVENTS = 1_000;

    /** How many do at first, when nobody knows yet how large they are. */
    static final int FIRST_PAGE_EVENTS = 64;

    /** What a page should take at most, in bytes. */
    static final long PAGE_BYTES = 1 << 20;

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
        int most = FIRST_PAGE_EVENTS;
        try {
            while (!stopped && upTo.isAfter(position)) {
                Position after = position;
                byte[] previous = hash;
                EventPage page =
                        journal.page(after, (int) Math.min(most, upTo.value() - after.value()));
                if (page.size() == 0) {
                    throw HashChain.missing(after.next(), "the end of the log", journal.location());
                }
                pages.put(workers.submit(() -> page.check(after, previous, this::decoded)));
                position = page.last();
                hash = page.lastHash();
                most = next(most, page);
            }
        } catch (InterruptedException e) {
            // The fold has what it needs, or has failed.
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            passOn(e);
        }
    }

    /** How many events the next page may have, for large events not to fill the memory. */
    private static int next(int most, EventPage page) {
        long fitting = PAGE_BYTES / Math.max(1, page.bytes() / page.size());
        return Math.toIntExact(Math.clamp(fitting, 1, Math.min(2L * most, PAGE_EVENTS)));
    }

    private Recorded decoded(
            Position position,
            String type,
            int version,
            Instant time,
            Origin origin,
            byte[] payload) {
        return new Recorded(position, time, origin, codec.decode(position, type, version, payload));
    }

    private void passOn(RuntimeException failure) {
        try {
            pages.put(CompletableFuture.failedFuture(failure));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private byte[] hashAt(Position position) {
        return position.equals(Position.ORIGIN)
                ? HashChain.origin()
                : journal.read(new Position(position.value() - 1), 1).getFirst().hash();
    }
}
