package dev.shiplog.node.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.command.NodeCommand.PodReport;
import dev.shiplog.command.ResourceCommand.Note;
import dev.shiplog.node.link.ControlPlane.Order;
import dev.shiplog.node.link.PodInputs;
import dev.shiplog.node.plan.Eviction.Scarce;
import dev.shiplog.node.plan.Eviction.Shortage;
import dev.shiplog.node.plan.NodeFacts;
import dev.shiplog.node.report.PodReports;
import dev.shiplog.node.runtime.ContainerStatus;
import dev.shiplog.node.runtime.Mount;
import dev.shiplog.node.runtime.simulated.Script;
import dev.shiplog.node.runtime.simulated.SimulatedHost;
import dev.shiplog.node.runtime.simulated.SimulatedProber;
import dev.shiplog.node.runtime.simulated.SimulatedRuntime;
import dev.shiplog.node.runtime.simulated.Timer;
import dev.shiplog.node.volume.PodVolumes;
import dev.shiplog.node.volume.VolumeFailure;
import dev.shiplog.node.volume.Volumes;
import dev.shiplog.node.worker.Effects;
import dev.shiplog.node.worker.ImagePulls;
import dev.shiplog.node.worker.PodWorker;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceFixture;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Real workers of pretended pods lose one after the other while memory is short. */
class EvictorTest {
    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
    private static final List<Shortage> SHORT =
            List.of(new Shortage(Scarce.MEMORY, 100L << 20, 50L << 20));
    private static final NodeFacts NODE =
            new NodeFacts(new NodeName("n1"), List.of("192.0.2.1"), "simulated", 1L, 1L);

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final SimulatedHost host =
            new SimulatedHost(Timer.real(timer), Duration.ZERO, Script::of);
    private final SimulatedRuntime runtime = new SimulatedRuntime(host, "n1");
    private final BlockingQueue<PodReport> reports = new LinkedBlockingQueue<>();
    private final List<String> notes = new CopyOnWriteArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final List<PodWorker> workers = new ArrayList<>();
    private final Evictor evictor = evictor(Volumes.NONE, Evictor.MEASURING);

    private Evictor evictor(Volumes volumes, Duration measuring) {
        return new Evictor(
                runtime,
                volumes,
                (reason, message) -> warnings.add(reason + ": " + message),
                measuring);
    }

    @AfterEach
    void stop() {
        workers.forEach(PodWorker::abandon);
        timer.shutdownNow();
    }

    private void run(String name, String... words) throws Exception {
        Uid uid = new Uid("uid-" + name);
        Resource pod =
                ResourceFixture.of(
                        ResourceKey.pod("default", name),
                        uid,
                        Json.parse(
                                "{\"spec\":{\"containers\":[{\"name\":\"main\",\"image\":\"busybox:1.37\",\"command\":[\"%s\"]}]}}"
                                        .formatted(String.join("\",\"", words))),
                        Json.parse("{\"phase\":\"Pending\"}"));
        PodWorker worker =
                new PodWorker(
                        pod.key(),
                        uid,
                        runtime,
                        new Effects(
                                runtime,
                                new ImagePulls(runtime, _ -> {}),
                                new SimulatedProber(host),
                                Volumes.NONE,
                                InstantSource.system()),
                        NODE,
                        new PodReports() {
                            @Override
                            public void report(
                                    PodReport report, List<Position> orders, List<Note> told) {
                                tell(orders, told);
                                reports.add(report);
                            }

                            @Override
                            public void tell(List<Position> orders, List<Note> told) {
                                told.forEach(note -> notes.add(note.reason()));
                            }
                        },
                        InstantSource.system(),
                        _ -> {});
        workers.add(worker);
        worker.tell(new Order.Run(new Position(1), pod, PodInputs.NONE));
        worker.start();
        awaitPhase(name, "Running");
        awaitEvictable(worker);
    }

    /** A worker reports a moment before it shows others what it sees. */
    private static void awaitEvictable(PodWorker worker) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (worker.evictable().isEmpty()
                || worker.observed().stream()
                        .flatMap(pod -> pod.containers().stream())
                        .noneMatch(ContainerStatus::running)) {
            assertTrue(System.nanoTime() < deadline, () -> worker.key() + " is not seen to run");
            Thread.onSpinWait();
        }
    }

    private PodReport awaitPhase(String name, String phase) throws InterruptedException {
        while (true) {
            PodReport report = reports.poll(30, TimeUnit.SECONDS);
            assertTrue(report != null, () -> "a report of " + name + " in phase " + phase);
            if (report.pod().name().equals(name)
                    && report.status().toNode().path("phase").asText().equals(phase)) {
                return report;
            }
        }
    }

    private void relieve(List<Shortage> shortages, Instant now) throws InterruptedException {
        evictor.relieve(shortages, workers, now);
    }

    @Test
    void theLargestGoesAndTheNextOnlyAfterIt() throws Exception {
        run("small", "memory:10");
        run("large", "memory:900");
        relieve(List.of(), NOW);
        relieve(SHORT, NOW);
        Json status = awaitPhase("large", "Failed").status();
        assertEquals("Evicted", status.toNode().path("reason").asText());
        String message = status.toNode().path("message").asText();
        assertTrue(message.contains("Container main was using 900Mi, request is 0"), message);
        boolean target = false;
        for (var condition : status.toNode().path("conditions")) {
            target |= condition.path("reason").asText().equals("TerminationByKubelet");
        }
        assertTrue(target, status::toString);
        assertTrue(notes.contains("Evicted"), notes::toString);
        // Not before its worker has seen the end, which it reports a moment earlier.
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (workers.getFirst().evictable().isPresent() && System.nanoTime() < deadline) {
            relieve(SHORT, NOW.plusSeconds(10));
        }
        awaitPhase("small", "Failed");
        relieve(SHORT, NOW.plus(Evictor.CLEANUP.multipliedBy(2)));
        assertEquals(List.of("EvictionThresholdMet: Attempting to reclaim memory"), warnings);
    }

    @Test
    void whileOneDoesNotGoTheNextStaysForATime() throws Exception {
        run("small", "memory:10");
        run("deaf", "deaf", "memory:900");
        // It was told, and is on its way: its worker never gets to it.
        workers.get(1).abandon();
        workers.get(1).awaitEnd(Duration.ofSeconds(10));
        relieve(SHORT, NOW);
        relieve(SHORT, NOW.plusSeconds(10));
        assertTrue(workers.getFirst().evictable().isPresent());
        assertTrue(reports.isEmpty(), reports::toString);
        // Too long for the others to wait for it.
        Instant late = NOW.plus(Evictor.CLEANUP);
        workers.remove(1);
        relieve(SHORT, late);
        awaitPhase("small", "Failed");
    }

    @Test
    void aPodThatNobodyCanMeasureSavesNoOther() throws Exception {
        run("silent", "memory:10");
        run("large", "memory:900");
        evictor(new SilentVolumes(new Uid("uid-silent")), Duration.ofMillis(500))
                .relieve(SHORT, workers, NOW);
        awaitPhase("large", "Failed");
        assertTrue(workers.getFirst().evictable().isPresent());
    }

    /** Never tells what one pod's volumes hold. */
    private record SilentVolumes(Uid silent) implements Volumes {
        @Override
        public SortedMap<String, Long> usage(Uid pod) {
            if (pod.equals(silent)) {
                LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(60));
            }
            return new TreeMap<>();
        }

        @Override
        public Made make(PodVolumes volumes) throws VolumeFailure {
            return NONE.make(volumes);
        }

        @Override
        public List<Mount> ready(Uid pod, List<Mount> mounts) throws VolumeFailure {
            return NONE.ready(pod, mounts);
        }

        @Override
        public void remove(Uid pod) throws VolumeFailure {
            NONE.remove(pod);
        }

        @Override
        public Set<Uid> pods() throws VolumeFailure {
            return NONE.pods();
        }
    }
}
