package dev.shiplog.node.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.command.NodeCommand.PodReport;
import dev.shiplog.command.ResourceCommand.Note;
import dev.shiplog.node.link.ControlPlane.Order;
import dev.shiplog.node.plan.NodeFacts;
import dev.shiplog.node.report.PodReports;
import dev.shiplog.node.runtime.simulated.Script;
import dev.shiplog.node.runtime.simulated.SimulatedHost;
import dev.shiplog.node.runtime.simulated.SimulatedProber;
import dev.shiplog.node.runtime.simulated.SimulatedRuntime;
import dev.shiplog.node.runtime.simulated.Timer;
import dev.shiplog.node.volume.Volumes;
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
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The thread of a pod: what must not wait does not. */
final class PodWorkerTest {
    private static final ResourceKey POD = ResourceKey.pod("default", "web");
    private static final Uid UID = new Uid("u1");
    private static final NodeFacts NODE =
            new NodeFacts(new NodeName("n1"), List.of("192.0.2.1"), "simulated", 1L, 1L);

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final SimulatedHost host =
            new SimulatedHost(Timer.real(timer), Duration.ZERO, Script::of);
    private final SimulatedRuntime runtime = new SimulatedRuntime(host, "n1");
    private final BlockingQueue<PodReport> reports = new LinkedBlockingQueue<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final CountDownLatch killing = new CountDownLatch(1);
    private final CountDownLatch pulling = new CountDownLatch(1);
    private final CountDownLatch pulled = new CountDownLatch(1);

    @AfterEach
    void stopTimer() {
        pulled.countDown();
        timer.shutdownNow();
    }

    /** A pull that is told of and then takes until the test says so. */
    private PodWorker worker() {
        ImagePulls pulls = new ImagePulls(runtime, _ -> awaitLeave());
        return new PodWorker(
                POD,
                UID,
                runtime,
                new Effects(
                        runtime,
                        pulls,
                        new SimulatedProber(host),
                        Volumes.NONE,
                        InstantSource.system()),
                NODE,
                new PodReports() {
                    @Override
                    public void report(PodReport report, List<Position> orders, List<Note> notes) {
                        reports.add(report);
                    }

                    @Override
                    public void tell(List<Position> orders, List<Note> notes) {
                        if (notes.stream().anyMatch(note -> note.reason().equals("Killing"))) {
                            killing.countDown();
                        }
                    }
                },
                InstantSource.system(),
                _ -> over.countDown());
    }

    private void awaitLeave() {
        pulling.countDown();
        try {
            assertTrue(pulled.await(60, TimeUnit.SECONDS), "the test lets the pull end");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static Resource pod(String policy, String command) {
        return ResourceFixture.of(
                POD,
                UID,
                Json.parse(
                        "{\"spec\":{\"containers\":[{\"name\":\"web\",\"image\":\"busybox:1.37\","
                                + "\"imagePullPolicy\":\""
                                + policy
                                + "\",\"command\":[\""
                                + command
                                + "\"]}]}}"),
                Json.parse("{\"phase\":\"Pending\"}"));
    }

    private static Order.Stop stop(int id, long grace) {
        return new Order.Stop(new Position(id), POD, UID, grace, Optional.empty());
    }

    private PodReport awaitPhase(String phase) throws InterruptedException {
        while (true) {
            PodReport report = reports.poll(30, TimeUnit.SECONDS);
            assertTrue(report != null, "a report of phase " + phase);
            if (report.status().toNode().path("phase").asText().equals(phase)) {
                return report;
            }
        }
    }

    @Test
    void anOrderToStopDoesNotWaitForAPull() throws Exception {
        PodWorker worker = worker();
        worker.tell(new Order.Run(new Position(1), pod("Always", "run")));
        worker.start();
        assertTrue(pulling.await(30, TimeUnit.SECONDS), "the pull begins");
        worker.tell(stop(2, 30));
        assertTrue(over.await(30, TimeUnit.SECONDS), "the pod goes while the pull is under way");
        assertEquals(Optional.empty(), runtime.pod(UID.value()));
    }

    @Test
    void aShorterGraceDoesNotWaitForALongerOne() throws Exception {
        PodWorker worker = worker();
        worker.tell(new Order.Run(new Position(1), pod("Never", "deaf")));
        worker.start();
        awaitPhase("Running");
        worker.tell(stop(2, 3600));
        assertTrue(killing.await(30, TimeUnit.SECONDS), "the long stop begins");
        worker.tell(stop(3, 0));
        assertTrue(over.await(30, TimeUnit.SECONDS), "the pod is killed at once");
        assertEquals(Optional.empty(), runtime.pod(UID.value()));
    }

    @Test
    void aWorkerWhosePodIsGoneTakesNoOrders() throws Exception {
        PodWorker worker = worker();
        assertTrue(worker.tell(stop(1, 0)));
        worker.start();
        assertTrue(over.await(30, TimeUnit.SECONDS), "there is nothing to stop");
        assertEquals(false, worker.tell(stop(2, 0)));
        assertTrue(reports.remove().stopped());
    }

    @Test
    void anAbandonedPodRunsOn() throws Exception {
        PodWorker worker = worker();
        worker.tell(new Order.Run(new Position(1), pod("Never", "run")));
        worker.start();
        awaitPhase("Running");
        worker.abandon();
        worker.awaitEnd(Duration.ofSeconds(30));
        assertTrue(runtime.pod(UID.value()).orElseThrow().containers().getFirst().running());
        assertEquals(1, over.getCount());
    }
}
