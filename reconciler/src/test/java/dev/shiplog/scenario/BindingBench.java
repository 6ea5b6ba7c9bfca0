package dev.shiplog.scenario;

import dev.shiplog.command.ResourceCommand;
import dev.shiplog.controller.Controller;
import dev.shiplog.controller.work.WorkController;
import dev.shiplog.event.SchedulerEvent;
import dev.shiplog.journal.Origin;
import dev.shiplog.ledger.DirectLedger;
import dev.shiplog.ledger.Outcome;
import dev.shiplog.loop.Controllers;
import dev.shiplog.loop.SteppedLoop;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.scheduler.Scheduler;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How fast pods are bound over 50 nodes, in one thread and without a disk: the price of thinking
 * and folding. Run {@code main}; nothing here is asserted.
 */
public final class BindingBench {
    private static final int NODES = 50;
    private static final int OWNERS = 10;

    private BindingBench() {}

    public static void main(String[] arguments) {
        for (int round = 0; round < 5; round++) {
            for (int pods : new int[] {1000, 5000}) {
                run("scheduler", List.of(new Scheduler()), pods);
                run("scheduler and orders", List.of(new Scheduler(), new WorkController()), pods);
                run("from ReplicaSet to order", Controllers.all(), pods);
            }
        }
    }

    private static void run(String what, List<Controller> controllers, int pods) {
        VirtualTime time = new VirtualTime();
        DirectLedger ledger = new DirectLedger(time);
        Origin origin = Origin.request("user:bench", "bench");
        create(ledger, ResourceKey.namespace("default"), "{}", origin);
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

    private static void create(DirectLedger ledger, ResourceKey key, String body, Origin origin) {
        Outcome _ =
                ledger.submit(
                                new ResourceCommand.CreateResource(
                                        key,
                                        key.kind().group().isEmpty() ? "v1" : "apps/v1",
                                        Collections.emptySortedMap(),
                                        Collections.emptySortedMap(),
                                        Json.parse(body)),
                                origin)
                        .join();
    }
}
