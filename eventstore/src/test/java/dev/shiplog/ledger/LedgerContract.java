package dev.shiplog.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.command.Command;
import dev.shiplog.command.NodeCommand;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.command.SchedulerCommand;
import dev.shiplog.decide.Decision;
import dev.shiplog.decide.Ids;
import dev.shiplog.event.Recorded;
import dev.shiplog.event.ResourceEvent;
import dev.shiplog.event.Tags;
import dev.shiplog.journal.Cause;
import dev.shiplog.journal.FurtherCauses;
import dev.shiplog.journal.Origin;
import dev.shiplog.resource.CommitId;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;
import dev.shiplog.state.ClusterState;
import dev.shiplog.state.StateCodec;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** What every ledger must do. */
public abstract class LedgerContract {
    protected static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");
    private static final Origin USER = Origin.request("user:ann", "request-1");
    private static final int SECONDS = 30;

    protected Ledger ledger;

    /** A ledger over an empty log. */
    protected abstract Ledger open(Supplier<Instant> clock, Ids ids) throws Exception;

    @BeforeEach
    void open() throws Exception {
        ledger = open(() -> NOW, new SharedIds());
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    @Test
    void appliesACommandAndShowsIt() throws Exception {
        Outcome.Applied applied = applied(create("a"));

        Recorded recorded = applied.events().getFirst();
        assertEquals(new Position(1), recorded.position());
        assertEquals(NOW, recorded.time());
        assertEquals(USER, recorded.origin());
        assertInstanceOf(ResourceEvent.ResourceCreated.class, recorded.event());
        assertEquals(new Position(1), ledger.state().position());
        assertEquals(new Position(1), ledger.head());
        assertTrue(ledger.state().resource(key("a")).isPresent());
        assertEquals(applied.events(), ledger.read(Position.ORIGIN, Optional.empty(), 10));
    }

    @Test
    void refusalsAreValuesAndChangeNothing() throws Exception {
        applied(create("a"));

        Outcome.Refused refused = assertInstanceOf(Outcome.Refused.class, submit(create("a")));

        assertEquals(Decision.Reason.ALREADY_EXISTS, refused.reason());
        assertEquals(new Position(1), ledger.head());
    }

    @Test
    void siblingCausesBecomePositions() throws Exception {
        applied(create("before"));
        applied(Samples.registerSource());
        Outcome.Applied applied = applied(Samples.firstCommit());

        List<Recorded> events = applied.events();
        assertTrue(events.size() >= 2, () -> "a commit and what it declares, found " + events);
        assertEquals(Cause.none(), events.getFirst().origin().cause());
        for (Recorded event : events.subList(1, events.size())) {
            assertEquals(new Cause.At(events.getFirst().position()), event.origin().cause());
            assertEquals(events.getFirst().origin().correlation(), event.origin().correlation());
            assertEquals(events.getFirst().origin().commit(), event.origin().commit());
        }
        assertEquals(events, ledger.read(new Position(2), Optional.empty(), 10));
    }

    @Test
    void allCausesOfACommandAreCausesOfItsEvent() throws Exception {
        for (String name : List.of("a", "b", "c")) {
            applied(
                    new ResourceCommand.CreateResource(
                            ResourceKey.namespace(name),
                            "v1",
                            new TreeMap<>(),
                            new TreeMap<>(),
                            Json.EMPTY));
        }
        Origin origin =
                Origin.request("controller:x", "request-9")
                        .followedBy("controller:x", new Position(3))
                        .with(new FurtherCauses(List.of(new Position(1), new Position(2)), 5));
        ResourceKey key = ResourceKey.namespace("d");
        Command create =
                new ResourceCommand.CreateResource(
                        key, "v1", new TreeMap<>(), new TreeMap<>(), Json.EMPTY);

        Outcome.Applied done =
                assertInstanceOf(
                        Outcome.Applied.class,
                        ledger.submit(create, origin).get(SECONDS, TimeUnit.SECONDS));

        assertEquals(origin, done.events().getFirst().origin());
        assertEquals(done.events(), ledger.read(new Position(3), Optional.empty(), 10));
    }

    /** One command binds pods of two requests: each binding belongs to its own. */
    @Test
    void whatFollowsFromAnEventBelongsToItsRequestAndCommit() throws Exception {
        NodeName node = new NodeName("n1");
        applied(new NodeCommand.RegisterNode(node, new TreeMap<>(), Json.EMPTY, Json.EMPTY));
        List<SchedulerCommand.Binding> bindings = new ArrayList<>();
        for (String name : List.of("a", "b")) {
            Origin origin =
                    new Origin(
                            "git:ann",
                            Cause.none(),
                            "push-" + name,
                            Optional.of(new CommitId(name.repeat(40))));
            ResourceKey pod = ResourceKey.pod("default", name);
            Command create =
                    new ResourceCommand.CreateResource(
                            pod,
                            "v1",
                            new TreeMap<>(),
                            new TreeMap<>(),
                            Json.parse("{\"spec\":{\"containers\":[]}}"));
            assertInstanceOf(
                    Outcome.Applied.class,
                    ledger.submit(create, origin).get(SECONDS, TimeUnit.SECONDS));
            Uid uid = ledger.state().resource(pod).orElseThrow().uid();
            bindings.add(new SchedulerCommand.Binding(pod, uid, node, 1, 50));
        }

        Outcome.Applied bound = applied(new SchedulerCommand.BindPods("s", bindings));

        assertEquals(
                List.of("push-a", "push-b"),
                bound.events().stream().map(event -> event.origin().correlation()).toList());
        assertEquals(
                List.of("a".repeat(40), "b".repeat(40)),
                bound.events().stream()
                        .map(event -> event.origin().commit().orElseThrow().value())
                        .toList());
        assertEquals(bound.events(), ledger.read(new Position(3), Optional.empty(), 10));
    }

    @Test
    void readsByTag() throws Exception {
        applied(create("a"));
        applied(create("b"));
        applied(status("a", 1));

        List<Recorded> aboutA =
                ledger.read(Position.ORIGIN, Optional.of(Tags.resource(key("a"))), 10);

        assertEquals(List.of(1L, 3L), positions(aboutA));
        assertEquals(
                List.of(3L),
                positions(ledger.read(new Position(1), Optional.of(Tags.resource(key("a"))), 10)));
    }

    @Test
    void thePastIsStillThere() throws Exception {
        applied(create("a"));
        ClusterState first = ledger.state();
        applied(create("b"));

        ClusterState past = ledger.stateAt(new Position(1));

        assertEquals(hash(first), hash(past));
        assertEquals(Position.ORIGIN, ledger.stateAt(Position.ORIGIN).position());
        assertThrows(IllegalArgumentException.class, () -> ledger.stateAt(new Position(3)));
    }

    @Test
    void everyCallerOfOneResourceGetsItsTurn() throws Exception {
        applied(create("a"));
        int callers = 16;
        int each = 20;
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int caller = 0; caller < callers; caller++) {
            int offset = caller * each;
            all.add(
                    CompletableFuture.runAsync(
                            () -> {
                                for (int i = 0; i < each; i++) {
                                    submitUnchecked(status("a", offset + i + 1));
                                }
                            },
                            task -> Thread.ofVirtual().start(task)));
        }
        for (CompletableFuture<Void> one : all) {
            one.get(SECONDS, TimeUnit.SECONDS);
        }

        assertEquals(1 + callers * each, (int) ledger.head().value());
        List<Recorded> log = ledger.read(Position.ORIGIN, Optional.empty(), 1_000);
        assertEquals(hash(ClusterState.EMPTY.evolve(log)), hash(ledger.state()));
    }

    @Test
    void manyCallersCreateManyResourcesAndNoneTwice() throws Exception {
        int callers = 32;
        int each = 10;
        List<CompletableFuture<Integer>> all = new ArrayList<>();
        for (int caller = 0; caller < callers; caller++) {
            all.add(
                    CompletableFuture.supplyAsync(
                            () -> {
                                int applied = 0;
                                for (int i = 0; i < each; i++) {
                                    // Every name is asked for by every caller.
                                    if (submitUnchecked(create("n" + i))
                                            instanceof Outcome.Applied) {
                                        applied++;
                                    }
                                }
                                return applied;
                            },
                            task -> Thread.ofVirtual().start(task)));
        }
        int applied = 0;
        for (CompletableFuture<Integer> one : all) {
            applied += one.get(SECONDS, TimeUnit.SECONDS);
        }

        assertEquals(each, applied);
        assertEquals(each, (int) ledger.head().value());
    }

    @Test
    void aListenerSeesEveryEventOnceInOrderWithTheStateAfterIt() throws Exception {
        applied(create("before"));
        List<Recorded> seen = Collections.synchronizedList(new ArrayList<>());
        List<String> wrong = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch done = new CountDownLatch(51);
        try (Ledger.Subscription _ =
                ledger.subscribe(
                        Position.ORIGIN,
                        (after, events) -> {
                            seen.addAll(events);
                            if (!after.position().equals(events.getLast().position())) {
                                wrong.add(after + " after " + events.getLast().position());
                            }
                            events.forEach(_ -> done.countDown());
                        })) {
            for (int i = 0; i < 50; i++) {
                applied(create("r" + i));
            }
            assertTrue(done.await(SECONDS, TimeUnit.SECONDS), () -> "saw only " + seen.size());
        }

        assertEquals(List.of(), wrong);
        assertEquals(ledger.read(Position.ORIGIN, Optional.empty(), 1_000), seen);
    }

    @Test
    void aListenerMaySubmit() throws Exception {
        CountDownLatch second = new CountDownLatch(1);
        try (Ledger.Subscription _ =
                ledger.subscribe(
                        Position.ORIGIN,
                        (after, _) -> {
                            if (after.resource(key("answer")).isEmpty()) {
                                CompletableFuture<?> _ = ledger.submit(create("answer"), USER);
                            } else {
                                second.countDown();
                            }
                        })) {
            applied(create("question"));
            assertTrue(second.await(SECONDS, TimeUnit.SECONDS));
        }
    }

    @Test
    void aClosedSubscriptionIsQuiet() throws Exception {
        List<Recorded> seen = Collections.synchronizedList(new ArrayList<>());
        Ledger.Subscription subscription =
                ledger.subscribe(Position.ORIGIN, (_, events) -> seen.addAll(events));
        subscription.close();

        applied(create("a"));

        assertEquals(List.of(), seen);
    }

    protected Outcome submit(Command command)
            throws InterruptedException, ExecutionException, TimeoutException {
        return ledger.submit(command, USER).get(SECONDS, TimeUnit.SECONDS);
    }

    private Outcome submitUnchecked(Command command) {
        try {
            return submit(command);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(command + " was not answered", e);
        }
    }

    protected Outcome.Applied applied(Command command) throws Exception {
        return assertInstanceOf(Outcome.Applied.class, submit(command));
    }

    protected static ResourceKey key(String name) {
        return Samples.configMap(name);
    }

    protected static Command create(String name) {
        return new ResourceCommand.CreateResource(
                key(name), "v1", new TreeMap<>(), new TreeMap<>(), Json.parse("{\"data\":{}}"));
    }

    private Command status(String name, int value) {
        return new ResourceCommand.UpdateStatus(
                key(name),
                ledger.state().resource(key(name)).orElseThrow().uid(),
                Json.parse("{\"value\":" + value + "}"));
    }

    protected static String hash(ClusterState state) {
        return HexFormat.of().formatHex(StateCodec.stateHash(state));
    }

    private static List<Long> positions(List<Recorded> events) {
        return events.stream().map(event -> event.position().value()).toList();
    }
}
