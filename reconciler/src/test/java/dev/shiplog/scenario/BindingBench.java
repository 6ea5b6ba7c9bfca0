package dev.shiplog.scenario;

import dev.shiplog.command.ResourceCommand;
import dev.shiplog.controller.Controller;
import dev.shiplog.controller.work.WorkController;
import dev.shiplog.decide.RandomIds;
import dev.shiplog.event.SchedulerEvent;
import dev.shiplog.journal.Origin;
import dev.shiplog.journal.axon.AxonLedger;
import dev.shiplog.journal.sqlite.SqliteJournal;
import dev.shiplog.ledger.DirectLedger;
import dev.shiplog.ledger.Ledger;
import dev.shiplog.ledger.Outcome;
import dev.shiplog.loop.Controllers;
import dev.shiplog.loop.Loop;
import dev.shiplog.loop.SteppedLoop;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.scheduler.Scheduler;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * How fast pods are bound over 50 nodes: in one thread and without a disk, which is the price of
 * thinking and folding; then by the real loop on a real log, every binding durable. Run {@code
 * main}; nothing here is asserted.
 */
public final class BindingBench {
    private static final int NODES = 50;
    private static final int OWNERS = 10;
    private static final int PATIENCE_SECONDS = 120;

    private BindingBench() {}

    /** Argument: how many rounds (default 5). */
    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5;
        for (int round = 0; round < rounds; round++) {
            for (int pods : new int[] {1000, 5000}) {
                run("scheduler", List.of(new Scheduler()), pods);
                run("scheduler and orders", List.of(new Scheduler(), new WorkController()), pods);
                run("from ReplicaSet to order", Controllers.all(), pods);
                durable(pods);
            }
        }
    }

    /** From pods that wait to the last binding in the log, on SQLite. */
    private static void durable(int pods) throws Exception {
        Path folder = Files.createTempDirectory("shiplog-binding");
        VirtualTime time = new VirtualTime();
        try (AxonLedger ledger =
                AxonLedger.open(
                        SqliteJournal.open(folder.resolve("log.db")),
                        Instant::now,
                        new RandomIds(new SecureRandom()))) {
            Origin origin = Origin.request("user:bench", "bench");
            create(ledger, ResourceKey.namespace("default"), "{}", origin);
            registerNodes(ledger, time);
            List<CompletableFuture<Outcome>> created = new ArrayList<>();
            for (int i = 0; i < pods; i++) {
                created.add(
                        submit(
                                ledger,
                                ResourceKey.pod("default", "p" + i),
                                "{" + spec("10m") + "}",
                                origin));
            }
            for (CompletableFuture<Outcome> one : created) {
                Outcome _ = one.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
            CountDownLatch bound = new CountDownLatch(pods);
            try (Ledger.Subscription _ =
                            ledger.subscribe(
                                    ledger.head(),
                                    (_, events) ->
                                            events.stream()
                                                    .filter(event ->
                                                            event.event()
                                                                    instanceof
                                                                    SchedulerEvent.PodBound)
                                                    .forEach(_ -> bound.countDown()));
                    Loop loop = new Loop(ledger, List.of(new Scheduler()), time, Instant::now)) {
                long cpu = processorNanos();
                long start = System.nanoTime();
                loop.start();
                boolean all = bound.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
                double seconds = (System.nanoTime() - start) / 1e9;
                System.out.printf(
                        Locale.ROOT,
                        "%-26s %5d pods: %8.0f pods/s, %6.1f us CPU a pod%n",
                        "scheduler, durable",
                        pods - bound.getCount(),
                        all ? pods / seconds : 0,
                        (processorNanos() - cpu) / 1e3 / pods);
            }
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    private static long processorNanos() {
        return ((com.sun.management.OperatingSystemMXBean)
                        ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static void registerNodes(Ledger ledger, VirtualTime time) {
        for (int i = 0; i < NODES; i++) {
            new FakeNode(
                            new NodeName("n" + i),
                            ledger,
                            time,
                            () -> Duration.ZERO,
                            () -> Duration.ZERO,
                            _ -> {})
                    .register("64", "256Gi", 250, true, false);
        }
    }

    private static void run(String what, List<Controller> controllers, int pods) {
        VirtualTime time = new VirtualTime();
        DirectLedger ledger = new DirectLedger(time);
        Origin origin = Origin.request("user:bench", "bench");
        create(ledger, ResourceKey.namespace("default"), "{}", origin);
        registerNodes(ledger, time);
        boolean whole = controllers.size() > 2;
        if (!whole) {
            for (int i = 0; i < pods; i++) {
                create(
                        ledger,
                        ResourceKey.pod("default", "p" + i),
                        "{" + spec("10m") + "}",
                        origin);
            }
        }
        SteppedLoop loop = new SteppedLoop(ledger, controllers, time, time);
        long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        long start = System.nanoTime();
        if (whole) {
            for (int i = 0; i < OWNERS; i++) {
                create(
                        ledger,
                        ResourceKey.parse("ReplicaSet.apps/default/r" + i),
                        "{\"spec\":{\"replicas\":"
                                + pods / OWNERS
                                + ",\"selector\":{\"matchLabels\":{\"a\":\""
                                + i
                                + "\"}},\"template\":{\"metadata\":"
                                + "{\"labels\":{\"a\":\""
                                + i
                                + "\"}},"
                                + spec("10m")
                                + "}}}",
                        origin);
            }
        }
        loop.drainUntilIdle();
        double seconds = (System.nanoTime() - start) / 1e9;
        double cpuMicros =
                (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu) / 1e3;
        long bound =
                ledger.read(Position.ORIGIN, Optional.empty(), Integer.MAX_VALUE).stream()
                        .filter(event -> event.event() instanceof SchedulerEvent.PodBound)
                        .count();
        System.out.printf(
                Locale.ROOT,
                "%-26s %5d pods: %8.0f pods/s, %6.1f us CPU a pod%n",
                what,
                bound,
                bound / seconds,
                cpuMicros / bound);
    }

    private static String spec(String cpu) {
        return "\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"busybox:1.37\",\"resources\":"
                + "{\"requests\":{\"cpu\":\""
                + cpu
                + "\",\"memory\":\"16Mi\"}}}]}";
    }

    private static void create(Ledger ledger, ResourceKey key, String body, Origin origin) {
        Outcome _ = submit(ledger, key, body, origin).join();
    }

    private static CompletableFuture<Outcome> submit(
            Ledger ledger, ResourceKey key, String body, Origin origin) {
        return ledger.submit(
                new ResourceCommand.CreateResource(
                        key,
                        key.kind().group().isEmpty() ? "v1" : "apps/v1",
                        Collections.emptySortedMap(),
                        Collections.emptySortedMap(),
                        Json.parse(body)),
                origin);
    }
}
