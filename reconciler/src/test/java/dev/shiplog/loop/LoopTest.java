package dev.shiplog.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.command.Command;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.controller.Controller;
import dev.shiplog.controller.Subjects;
import dev.shiplog.controller.Verdict;
import dev.shiplog.event.Recorded;
import dev.shiplog.journal.Cause;
import dev.shiplog.journal.Origin;
import dev.shiplog.ledger.DirectLedger;
import dev.shiplog.ledger.Outcome;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.state.ClusterState;
import dev.shiplog.status.Conditions;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** The loop with real threads and a real timer. */
class LoopTest {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final DirectLedger ledger = new DirectLedger(Instant::now);

    @Test
    void neverWorksOnAKeyTwiceAtOnceAndLeadsChainsBack() throws InterruptedException {
        AtomicInteger atOnce = new AtomicInteger();
        Map<ResourceKey, Boolean> busy = new ConcurrentHashMap<>();
        Controller labeller =
                new Fake() {
                    @Override
                    public Verdict reconcile(ClusterState state, ResourceKey key, Instant now) {
                        if (busy.put(key, true) != null) {
                            atOnce.incrementAndGet();
                        }
                        Verdict verdict =
                                state.resource(key)
                                        .filter(found -> found.status().isEmpty())
                                        .map(found ->
                                                new Verdict(
                                                        List.<Command>of(
                                                                new ResourceCommand.UpdateStatus(
                                                                        key,
                                                                        found.uid(),
                                                                        Json.parse(
                                                                                "{\"seen\":1}"))),
                                                        Optional.empty()))
                                        .orElse(Verdict.DONE);
                        busy.remove(key);
                        return verdict;
                    }
                };
        try (Loop loop = new Loop(ledger, List.of(labeller), new QuartzDueTimes(), Instant::now)) {
            create("before");
            loop.start();
            for (int i = 0; i < 200; i++) {
                create("pod-" + i);
            }
            await(() -> statuses() == 201);
        }
        assertEquals(0, atOnce.get());
        List<Recorded> log = ledger.read(Position.ORIGIN, Optional.empty(), Integer.MAX_VALUE);
        for (Recorded event : log) {
            if (event.origin().actor().equals("controller:fake")) {
                Cause.At cause = (Cause.At) event.origin().cause();
                Recorded creation = log.get((int) cause.position().value() - 1);
                assertEquals(Subjects.of(creation.event()), Subjects.of(event.event()));
                assertEquals(creation.origin().correlation(), event.origin().correlation());
            }
        }
    }

    @Test
    void aFailingControllerIsTriedAgainAndHoldsUpNobody() throws InterruptedException {
        AtomicInteger looks = new AtomicInteger();
        CountDownLatch recovered = new CountDownLatch(1);
        Controller failing =
                new Fake() {
                    @Override
                    public Verdict reconcile(ClusterState state, ResourceKey key, Instant now) {
                        if (looks.incrementAndGet() < 3) {
                            throw new IllegalStateException("thrown by the test");
                        }
                        recovered.countDown();
                        return Verdict.DONE;
                    }
                };
        try (Loop loop = new Loop(ledger, List.of(failing), new QuartzDueTimes(), Instant::now)) {
            loop.start();
            create("pod");
            assertTrue(recovered.await(DEADLINE.toSeconds(), TimeUnit.SECONDS));
            await(loop::isIdle);
        }
        assertEquals(3, looks.get());
    }

    @Test
    void looksAgainWhenAsked() throws InterruptedException {
        CountDownLatch looks = new CountDownLatch(3);
        Controller patient =
                new Fake() {
                    @Override
                    public Verdict reconcile(ClusterState state, ResourceKey key, Instant now) {
                        looks.countDown();
                        return new Verdict(List.of(), Optional.of(now.plusMillis(20)));
                    }
                };
        try (Loop loop = new Loop(ledger, List.of(patient), new QuartzDueTimes(), Instant::now)) {
            create("pod");
            loop.start();
            assertTrue(looks.await(DEADLINE.toSeconds(), TimeUnit.SECONDS));
        }
    }

    @Test
    void podsForWhichThereIsNoRoomAreWithheldAndTheirOwnersSaySo() throws InterruptedException {
        AtomicBoolean full = new AtomicBoolean(true);
        Room room = () -> full.get() ? Optional.of("the memory is full") : Optional.empty();
        ResourceKey web = ResourceKey.parse("Deployment.apps/default/web");
        try (Loop loop =
                new Loop(ledger, Controllers.all(), new QuartzDueTimes(), Instant::now, room)) {
            loop.start();
            create(
                    web,
                    """
                    {"spec": {"replicas": 200000, "selector": {"matchLabels": {"app": "web"}},
                     "template": {"metadata": {"labels": {"app": "web"}},
                      "spec": {"containers": [{"name": "c", "image": "web:1"}]}}}}\
                    """);
            await(() -> failure(web).isPresent());
            assertEquals("the memory is full", failure(web).get().path("message").asText());
            assertEquals("FailedCreate", failure(web).get().path("reason").asText());
            assertEquals(0, ledger.state().resources(GroupKind.POD, "default").size());
            Resource set =
                    ledger.state().resources(GroupKind.REPLICA_SET, "default").iterator().next();
            // It is tried again, and said once.
            long position = ledger.state().position().value();
            Outcome again =
                    ledger.submit(
                                    new ResourceCommand.WithholdDependents(
                                            "replicaset-controller",
                                            set.key(),
                                            set.uid(),
                                            "the memory is full"),
                                    Origin.request("user:test", "again"))
                            .join();
            assertInstanceOf(Outcome.Refused.class, again);
            assertEquals(position, ledger.state().position().value());

            scale(web, 3);
            full.set(false);
            await(() -> failure(web).isEmpty());
            assertEquals(3, ledger.state().resources(GroupKind.POD, "default").size());
            assertTrue(
                    ledger.state()
                            .resource(set.key())
                            .orElseThrow()
                            .status()
                            .toNode()
                            .path("conditions")
                            .isMissingNode());
        }
        List<String> notes =
                ledger.state().resources(GroupKind.EVENT, "default").stream()
                        .map(event -> event.body().toNode())
                        .filter(event -> event.path("reason").asText().equals("FailedCreate"))
                        .map(event -> event.path("message").asText())
                        .toList();
        assertEquals(List.of("Error creating: the memory is full"), notes);
    }

    private Optional<JsonNode> failure(ResourceKey key) {
        return ledger.state()
                .resource(key)
                .flatMap(found ->
                        Conditions.find(
                                found.status().toNode().path("conditions"), "ReplicaFailure"));
    }

    private void scale(ResourceKey key, int replicas) {
        Resource now = ledger.state().resource(key).orElseThrow();
        ObjectNode body = now.body().toObject();
        body.withObject("/spec").put("replicas", replicas);
        Outcome _ =
                ledger.submit(
                                new ResourceCommand.ReviseResource(
                                        key,
                                        now.uid(),
                                        now.metadata().generation(),
                                        Json.of(body),
                                        Optional.empty(),
                                        List.of()),
                                Origin.request("user:test", "scale"))
                        .join();
    }

    private abstract static class Fake implements Controller {
        @Override
        public String name() {
            return "fake";
        }

        @Override
        public Collection<ResourceKey> wakes(
                Recorded event, ClusterState before, ClusterState after) {
            return Subjects.of(event.event()).map(List::of).orElse(List.of());
        }

        @Override
        public Collection<ResourceKey> all(ClusterState state) {
            return state.resources().stream().map(resource -> resource.key()).toList();
        }
    }

    private void create(String name) {
        create(ResourceKey.parse("ReplicaSet.apps/default/" + name), "{}");
    }

    private void create(ResourceKey key, String body) {
        Outcome _ =
                ledger.submit(
                                new ResourceCommand.CreateResource(
                                        key,
                                        "apps/v1",
                                        Collections.emptySortedMap(),
                                        Collections.emptySortedMap(),
                                        Json.parse(body)),
                                Origin.request("user:test", "request-" + key.name()))
                        .join();
    }

    private long statuses() {
        return ledger.state().resources().stream()
                .filter(resource -> !resource.status().isEmpty())
                .count();
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "not within " + DEADLINE);
            Thread.sleep(5);
        }
    }
}
