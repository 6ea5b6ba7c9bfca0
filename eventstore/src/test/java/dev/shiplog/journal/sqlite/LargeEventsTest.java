package dev.shiplog.journal.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.event.EventCodec;
import dev.shiplog.event.SourceEvent;
import dev.shiplog.event.Tags;
import dev.shiplog.journal.AppendCondition;
import dev.shiplog.journal.EventPage;
import dev.shiplog.journal.Journal;
import dev.shiplog.journal.NewEvent;
import dev.shiplog.journal.Origin;
import dev.shiplog.journal.StoredEvent;
import dev.shiplog.journal.Tag;
import dev.shiplog.journal.proof.Replay;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.SourceName;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A long row of small events, and then events of a mebibyte and more, of which a thousand would
 * fill any memory: whoever reads takes as many at once as fit.
 */
class LargeEventsTest {
    private static final int SMALL = 1_200;
    private static final int LARGE = 60;
    private static final int MEBIBYTE = 1 << 20;

    /** One that is larger than a page may be. */
    private static final int HUGE = Reader.MOST_PAGE_BYTES + MEBIBYTE;

    private static final SourceName SOURCE = new SourceName("cluster");
    private static final int SECONDS = 60;

    /** What a list may take: up to the bound, and the event that reaches it. */
    private static final long MOST_IN_A_LIST = Rows.MOST_BYTES + HUGE + MEBIBYTE;

    @TempDir Path folder;
    private Path file;

    @BeforeEach
    void fillALog() throws Exception {
        file = folder.resolve("log.db");
        try (Journal journal = SqliteJournal.open(file)) {
            List<NewEvent> small = new ArrayList<>();
            small.add(
                    event(new SourceEvent.SourceRegistered(SOURCE, "file:///x", "main", "", true)));
            while (small.size() < SMALL) {
                small.add(failed(10));
            }
            append(journal, small);
            for (int i = 0; i < LARGE; i++) {
                append(journal, List.of(failed(i == LARGE / 2 ? HUGE : MEBIBYTE)));
            }
        }
    }

    @Test
    void openingReadingAndFollowingTakeAsManyAtOnceAsFit() throws Exception {
        try (Journal journal = SqliteJournal.open(file)) {
            assertEquals(new Position(SMALL + LARGE), journal.head());
            assertAllInPieces(after -> journal.read(after, 5_000));
            List<Tag> tags = List.of(Tags.source(SOURCE));
            assertAllInPieces(after -> journal.read(after, tags, 5_000));

            CompletableFuture<Long> most = new CompletableFuture<>();
            CountDownLatch all = new CountDownLatch(SMALL + LARGE);
            long[] largest = {0};
            try (Journal.Subscription _ =
                    journal.subscribe(
                            Position.ORIGIN,
                            batch -> {
                                largest[0] = Math.max(largest[0], bytes(batch));
                                batch.forEach(_ -> all.countDown());
                                if (all.getCount() == 0) {
                                    most.complete(largest[0]);
                                }
                            })) {
                assertTrue(most.get(SECONDS, TimeUnit.SECONDS) <= MOST_IN_A_LIST);
            }
        }
    }

    @Test
    void aPageEndsBeforeItFillsTheMemoryAndTheReplayIsSound() {
        try (Journal journal = SqliteJournal.openReadOnly(file)) {
            Position after = new Position(SMALL - 10);
            int events = 0;
            EventPage page = journal.page(after, 1_000);
            while (page.size() > 0) {
                assertTrue(
                        page.bytes() <= Reader.MOST_PAGE_BYTES || page.size() == 1,
                        page.size() + " events of " + page.bytes() + " bytes");
                events += page.size();
                after = page.last();
                page = journal.page(after, 1_000);
            }
            assertEquals(LARGE + 10, events);
            Replay.Result replayed = Replay.verify(journal);
            assertEquals(SMALL + LARGE, replayed.events());
        }
    }

    /** What somebody reads after a position. */
    private interface Read {
        List<StoredEvent> after(Position position);
    }

    private static void assertAllInPieces(Read read) {
        Position position = Position.ORIGIN;
        List<StoredEvent> piece = read.after(position);
        int pieces = 0;
        while (!piece.isEmpty()) {
            assertEquals(position.next(), piece.getFirst().position());
            assertTrue(bytes(piece) <= MOST_IN_A_LIST, () -> "more than " + MOST_IN_A_LIST);
            position = piece.getLast().position();
            piece = read.after(position);
            pieces++;
        }
        assertEquals(new Position(SMALL + LARGE), position);
        assertFalse(pieces < 2, "in one piece");
    }

    private static long bytes(List<StoredEvent> events) {
        return events.stream().mapToLong(stored -> stored.event().payload().length).sum();
    }

    private static NewEvent failed(int length) {
        return event(new SourceEvent.SourceFailed(SOURCE, "Unreachable", "x".repeat(length)));
    }

    private static NewEvent event(SourceEvent event) {
        EventCodec codec = EventCodec.STANDARD;
        return new NewEvent(
                "id",
                codec.type(event),
                1,
                Instant.EPOCH,
                Origin.request("system:test", "test"),
                Tags.of(event),
                codec.encode(event));
    }

    private static void append(Journal journal, List<NewEvent> events) throws Exception {
        journal.append(events, AppendCondition.none()).get(SECONDS, TimeUnit.SECONDS);
    }
}
