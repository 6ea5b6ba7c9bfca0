package dev.shiplog.api.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.event.Recorded;
import dev.shiplog.event.ResourceEvent;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.ResourceKey;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The real kubectl, while things change. */
class KubectlWatchTest {
    private static final ResourceKey WEB_A = ResourceKey.pod("shop", "web-5d4f8-a");
    private static final ResourceKey LONE = ResourceKey.pod("default", "lone");

    @TempDir Path folder;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final CountDownLatch readerLeft = new CountDownLatch(1);
    private TestCluster cluster;
    private Kubectl kubectl;

    @BeforeEach
    void start() throws Exception {
        cluster =
                TestCluster.populated(
                        folder,
                        (_, _, _, query, out) -> {
                            try {
                                while (query.follow()) {
                                    out.write(lines.take().getBytes(StandardCharsets.UTF_8));
                                    out.flush();
                                }
                            } finally {
                                readerLeft.countDown();
                            }
                        });
        kubectl = new Kubectl(folder);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void getWatchesPodsComeAndGo() throws Exception {
        try (Kubectl.Running watch = kubectl.start("get", "pods", "-A", "-w")) {
            watch.awaitLine("web-5d4f8-b");
            awaitWatchers(1);
            cluster.createPod("default", "fresh", Map.of());
            watch.awaitLine("fresh");
            cluster.bind(ResourceKey.pod("default", "fresh"));
            cluster.report(ResourceKey.pod("default", "fresh"), TestCluster.running("main"), false);
            watch.awaitLine("Running");
            cluster.removePod(ResourceKey.pod("default", "fresh"));
            watch.awaitLine("fresh");
        }
        awaitWatchers(0);
    }

    @Test
    void deleteWaitsUntilThePodIsGone() throws Exception {
        Position before = cluster.ledger.head();
        try (Kubectl.Running delete = kubectl.start("delete", "pod", "-n", "shop", "web-5d4f8-a")) {
            delete.awaitLine("\"web-5d4f8-a\" deleted");
            awaitWatchers(1);
            assertTrue(cluster.resource(WEB_A).metadata().deleting());
            cluster.report(WEB_A, "{\"phase\":\"Succeeded\"}", true);
            assertEquals(0, delete.awaitExit());
        }
        Recorded request =
                cluster.ledger.read(before, Optional.empty(), 100).stream()
                        .filter(e -> e.event() instanceof ResourceEvent.DeletionRequested)
                        .findFirst()
                        .orElseThrow();
        assertEquals("user:admin", request.origin().actor());
        assertTrue(request.origin().correlation().length() > 10);
    }

    @Test
    void deleteFailsWhenItsTimeIsUp() throws Exception {
        String error = kubectl.fails("delete", "pod", "-n", "shop", "web-5d4f8-a", "--timeout=1s");
        assertTrue(error.contains("timed out waiting for the condition"), error);
    }

    @Test
    void forcedDeletionIsAtOnce() throws Exception {
        kubectl.ok("delete", "pod", "-n", "shop", "web-5d4f8-a", "--grace-period=0", "--force");
        assertTrue(cluster.ledger.state().resource(WEB_A).isEmpty());
    }

    @Test
    void deletionBySelectorAndOfAll() throws Exception {
        kubectl.ok("delete", "pods", "-l", "env=prod");
        assertTrue(cluster.ledger.state().resource(LONE).isEmpty());
        kubectl.ok("delete", "pods", "-n", "shop", "--all", "--wait=false");
        assertTrue(cluster.resource(WEB_A).metadata().deleting());
        assertTrue(
                cluster.ledger.state().resource(ResourceKey.pod("shop", "web-5d4f8-b")).isEmpty());
    }

    @Test
    void derivedReplicaSetsMayBeDeletedDryRunChangesNothing() throws Exception {
        Position before = cluster.ledger.head();
        kubectl.ok("delete", "rs", "-n", "shop", "web-5d4f8", "--dry-run=server");
        assertEquals(before, cluster.ledger.head());
        kubectl.ok("delete", "rs", "-n", "shop", "web-5d4f8", "--cascade=orphan");
        assertTrue(cluster.resource(WEB_A).metadata().owners().isEmpty());
    }

    @Test
    void waitsForConditionsAndForDeletion() throws Exception {
        try (Kubectl.Running ready =
                        kubectl.start(
                                "wait", "--for=condition=Ready", "pod/lone", "--timeout=50s");
                Kubectl.Running gone =
                        kubectl.start("wait", "--for=delete", "pod/lone", "--timeout=50s")) {
            awaitWatchers(2);
            cluster.bind(LONE);
            cluster.report(LONE, TestCluster.running("main"), false);
            ready.awaitLine("condition met");
            assertEquals(0, ready.awaitExit());
            cluster.removePod(LONE);
            assertEquals(0, gone.awaitExit());
        }
        assertTrue(
                kubectl.fails(
                                "wait",
                                "--for=jsonpath={.status.phase}=Failed",
                                "-n",
                                "shop",
                                "pod/web-5d4f8-a",
                                "--timeout=1s")
                        .contains("timed out waiting for the condition"));
    }

    @Test
    void followedLogsEndWithTheirReader() throws Exception {
        try (Kubectl.Running logs = kubectl.start("logs", "-f", "-n", "shop", "web-5d4f8-a")) {
            lines.add("one\n");
            logs.awaitLine("one");
            lines.add("two\n");
            logs.awaitLine("two");
        }
        assertTrue(readerLeft.await(30, TimeUnit.SECONDS), "the log is still being followed");
    }

    private void awaitWatchers(int count) throws InterruptedException {
        Await.until(
                () -> cluster.server.watchers() == count,
                () -> "expected " + count + " watchers, found " + cluster.server.watchers());
    }
}
