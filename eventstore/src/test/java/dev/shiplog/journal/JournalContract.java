package dev.shiplog.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.resource.CommitId;
import dev.shiplog.resource.Position;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** What every journal must do. */
public abstract class JournalContract {
    private static final int SECONDS = 30;
    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00.123456789Z");

    protected Journal journal;

    /** An empty journal. */
    protected abstract Journal open() throws Exception;

    @BeforeEach
    void openJournal() throws Exception {
        journal = open();
    }

    @AfterEach
    void closeJournal() {
        journal.close();
    }

    @Test
    void beginsEmpty() {
        assertEquals(Position.ORIGIN, journal.head());
        assertArrayEquals(new byte[32], journal.headHash());
        assertEquals(List.of(), journal.read(Position.ORIGIN, 10));
        assertEquals(Optional.empty(), journal.snapshot("cluster", 1, new Position(9)));
    }

    @Test
    void givesBackWhatWasAppended() throws Exception {
        Origin origin =
                new Origin(
                        "git:ann@example.org",
                        new Cause.At(new Position(1)),
                        "request-7",
                        Optional.of(new CommitId("abc123")));
        NewEvent event =
                new NewEvent(
                        "id-1",
                        "PodBound",
                        3,
                        NOW,
                        origin,
                        List.of(new Tag("node", "n1"), new Tag("resource", "Pod/default/é=x")),
                        "{\"text\":\"zwölf ☃\"}".getBytes(StandardCharsets.UTF_8));
        append(event("first", "a"));
        append(event);

        StoredEvent stored = journal.read(new Position(1), 10).getFirst();

        assertEquals(new Position(2), stored.position());
        assertEquals("id-1", stored.event().id());
        assertEquals("PodBound", stored.event().type());
        assertEquals(3, stored.event().version());
        assertEquals(Instant.parse("2026-11-23T10:00:00.123456Z"), stored.event().time());
        assertEquals(origin, stored.event().origin());
        assertEquals(event.tags(), stored.event().tags());
        assertArrayEquals(event.payload(), stored.event().payload());
        assertArrayEquals(journal.headHash(), stored.hash());
    }

    @Test
    void causesBeyondTheFirstAreTagsAndComeBackInTheOrigin() throws Exception {
        append(event("a", "a"), event("b", "b"), event("c", "c"));
        FurtherCauses further = new FurtherCauses(List.of(new Position(1), new Position(2)), 4);
        Origin origin =
                Origin.request("controller:x", "r")
                        .followedBy("controller:x", new Position(3))
                        .with(further);
        Tag about = new Tag("resource", "d");
        append(new NewEvent("d", "E", 1, NOW, origin, List.of(about), new byte[] {'{', '}'}));

        StoredEvent stored = journal.read(new Position(3), 1).getFirst();

        assertEquals(origin, stored.event().origin());
        assertEquals(
                List.of(
                        about,
                        new Tag("cause", "1"),
                        new Tag("cause", "2"),
                        new Tag("causes-unnamed", "4")),
                stored.event().tags());
        byte[] before = journal.read(new Position(2), 1).getFirst().hash();
        HashChain.check(before, stored, journal.location());
        // What followed from an event is found by it.
        assertEquals(
                List.of(4L),
                positions(journal.read(Position.ORIGIN, List.of(new Tag("cause", "2")), 10)));
    }

    @Test
    void chainsHashesAndCountsWithoutGaps() throws Exception {
        List<StoredEvent> acknowledged = new ArrayList<>();
        acknowledged.addAll(append(event("a", "a"), event("b", "b")));
        acknowledged.addAll(append(event("c", "a")));

        List<StoredEvent> read = journal.read(Position.ORIGIN, 10);

        byte[] previous = HashChain.origin();
        for (int i = 0; i < 3; i++) {
            assertEquals(new Position(i + 1L), read.get(i).position());
            HashChain.check(previous, read.get(i), journal.location());
            previous = read.get(i).hash();
            assertArrayEquals(acknowledged.get(i).hash(), read.get(i).hash());
        }
        assertEquals(List.of(2L), positions(journal.read(new Position(1), 1)));
    }

    @Test
    void resolvesSiblings() throws Exception {
        append(event("a", "a"));
        List<StoredEvent> stored =
                append(
                        event("commit", "b"),
                        caused("declared", new Cause.Sibling(0)),
                        caused("deleted", new Cause.Sibling(1)));

        assertEquals(new Cause.At(new Position(2)), stored.get(1).event().origin().cause());
        assertEquals(new Cause.At(new Position(3)), stored.get(2).event().origin().cause());
        assertEquals(
                new Cause.At(new Position(3)),
                journal.read(new Position(3), 1).getFirst().event().origin().cause());
    }

    @Test
    void refusesNonsenseInTheCallersThread() {
        assertThrows(
                IllegalArgumentException.class,
                () -> journal.append(List.of(), AppendCondition.none()));
        assertThrows(
                IllegalArgumentException.class,
                () ->
                        journal.append(
                                List.of(caused("self", new Cause.Sibling(0))),
                                AppendCondition.none()));
        assertEquals(Position.ORIGIN, journal.head());
    }

    @Test
    void findsByTag() throws Exception {
        append(event("1", "a"), event("2", "b"), event("3", "a", "b"), event("4", "c"));

        assertEquals(List.of(1L, 3L), positions(journal.read(Position.ORIGIN, tags("a"), 10)));
        assertEquals(
                List.of(1L, 2L, 3L), positions(journal.read(Position.ORIGIN, tags("a", "b"), 10)));
        assertEquals(List.of(3L), positions(journal.read(new Position(1), tags("a"), 10)));
        assertEquals(List.of(1L), positions(journal.read(Position.ORIGIN, tags("a", "b"), 1)));
        assertEquals(List.of(), positions(journal.read(Position.ORIGIN, tags("d"), 10)));
    }

    @Test
    void anAppendConditionHoldsOrNothingIsAppended() throws Exception {
        append(event("1", "a"), event("2", "b"));

        ExecutionException broken =
                assertThrows(
                        ExecutionException.class,
                        () ->
                                get(
                                        journal.append(
                                                List.of(event("3", "a"), event("4", "x")),
                                                new AppendCondition(
                                                        new Position(1), tags("x", "b")))));
        AppendConflict conflict = assertInstanceOf(AppendConflict.class, broken.getCause());
        assertEquals(new Position(2), conflict.conflicting());
        assertEquals(new Position(2), journal.head());

        get(
                journal.append(
                        List.of(event("3", "a")), new AppendCondition(new Position(1), tags("a"))));
        assertEquals(new Position(3), journal.head());
    }

    @Test
    void ofManyAppendsOnOneConditionExactlyOneIsMade() throws Exception {
        List<CompletableFuture<List<StoredEvent>>> all = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            all.add(
                    journal.append(
                            List.of(event("e" + i, "a")),
                            new AppendCondition(Position.ORIGIN, tags("a"))));
        }
        int made = 0;
        for (CompletableFuture<List<StoredEvent>> one : all) {
            try {
                get(one);
                made++;
            } catch (ExecutionException e) {
                assertInstanceOf(AppendConflict.class, e.getCause());
            }
        }
        assertEquals(1, made);
        assertEquals(new Position(1), journal.head());
    }

    @Test
    void subscribersSeeOldAndNewOnceAndInOrder() throws Exception {
        append(event("1", "a"), event("2", "a"));
        List<Long> seen = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch done = new CountDownLatch(101);
        try (Journal.Subscription _ =
                journal.subscribe(
                        new Position(1),
                        batch ->
                                batch.forEach(event -> {
                                    seen.add(event.position().value());
                                    done.countDown();
                                }))) {
            for (int i = 3; i <= 102; i++) {
                CompletableFuture<?> _ =
                        journal.append(List.of(event("n" + i, "a")), AppendCondition.none());
            }
            assertTrue(done.await(SECONDS, TimeUnit.SECONDS), () -> "saw " + seen.size());
        }
        List<Long> expected = new ArrayList<>();
        for (long position = 2; position <= 102; position++) {
            expected.add(position);
        }
        assertEquals(expected, seen);
    }

    @Test
    void aSubscriberWhoComesForwardByItselfIsToldOfWhatIsNewToIt() throws Exception {
        append(event("1", "a"), event("2", "a"));
        AtomicLong at = new AtomicLong(2);
        BlockingQueue<Long> seen = new LinkedBlockingQueue<>();
        try (Journal.Subscription _ =
                journal.subscribe(
                        () -> new Position(at.get()),
                        batch -> batch.forEach(event -> seen.add(event.position().value())))) {
            append(event("3", "a"));
            assertEquals(3, seen.poll(SECONDS, TimeUnit.SECONDS));
            at.set(5);
            append(event("4", "a"), event("5", "a"));
            append(event("6", "a"));
            assertEquals(6, seen.poll(SECONDS, TimeUnit.SECONDS));
            at.set(6);
            append(event("7", "a"));
            assertEquals(7, seen.poll(SECONDS, TimeUnit.SECONDS));
        }
        assertEquals(List.of(), List.copyOf(seen));
    }

    @Test
    void aSlowSubscriberHoldsUpNobody() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch all = new CountDownLatch(200);
        try (Journal.Subscription _ =
                journal.subscribe(
                        Position.ORIGIN,
                        batch -> {
                            await(release);
                            batch.forEach(_ -> all.countDown());
                        })) {
            for (int i = 0; i < 200; i++) {
                append(event("n" + i, "a"));
            }
            assertEquals(new Position(200), journal.head());
            release.countDown();
            assertTrue(all.await(SECONDS, TimeUnit.SECONDS));
        }
    }

    @Test
    void keepsSnapshotsByNameFormatAndPosition() throws Exception {
        for (long position : new long[] {5, 9}) {
            journal.save(snapshot("cluster", 1, position));
        }
        journal.save(snapshot("other", 1, 7));

        assertEquals(Optional.of(new Position(9)), found("cluster", 1, 100));
        assertEquals(Optional.of(new Position(5)), found("cluster", 1, 8));
        assertEquals(Optional.of(new Position(9)), found("cluster", 1, 9));
        assertEquals(Optional.empty(), found("cluster", 1, 4));
        assertEquals(Optional.empty(), found("cluster", 2, 100));
        assertArrayEquals(
                new byte[] {1, 2, 3},
                journal.snapshot("cluster", 1, new Position(9)).orElseThrow().document());
    }

    private Optional<Position> found(String name, int format, long atOrBefore) {
        return journal.snapshot(name, format, new Position(atOrBefore)).map(Snapshot::position);
    }

    private static Snapshot snapshot(String name, int format, long position) {
        return new Snapshot(
                name, format, new Position(position), new byte[32], new byte[] {1, 2, 3});
    }

    protected List<StoredEvent> append(NewEvent... events) throws Exception {
        return get(journal.append(List.of(events), AppendCondition.none()));
    }

    protected static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(SECONDS, TimeUnit.SECONDS);
    }

    /** An event about some things. */
    public static NewEvent event(String id, String... about) {
        return new NewEvent(
                id,
                "Happened",
                1,
                NOW,
                Origin.request("user:test", "request"),
                tags(about),
                ("{\"id\":\"" + id + "\"}").getBytes(StandardCharsets.UTF_8));
    }

    private static NewEvent caused(String id, Cause cause) {
        NewEvent event = event(id, "s");
        return new NewEvent(
                id,
                event.type(),
                1,
                NOW,
                event.origin().withCause(cause),
                event.tags(),
                event.payload());
    }

    private static List<Tag> tags(String... values) {
        return Arrays.stream(values).map(value -> new Tag("about", value)).toList();
    }

    private static List<Long> positions(List<StoredEvent> events) {
        return events.stream().map(event -> event.position().value()).toList();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(SECONDS, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
