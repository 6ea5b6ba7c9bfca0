package dev.shiplog.api.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.api.LogQuery;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** The real kubectl reads logs; each log says what was asked for. */
class KubectlLogsTest {
    private static final String POD = "web-5d4f8-a";

    @TempDir static Path folder;
    private static final AtomicInteger FOLLOWING = new AtomicInteger();
    private static TestCluster cluster;
    private static Kubectl kubectl;

    @BeforeAll
    static void start() throws Exception {
        cluster = TestCluster.populated(folder, KubectlLogsTest::write);
        kubectl = new Kubectl(folder);
        ResourceKey second = ResourceKey.pod("shop", "web-5d4f8-b");
        cluster.bind(second);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private static void write(
            Resource pod, String container, boolean previous, LogQuery query, OutputStream out)
            throws IOException, InterruptedException {
        String line =
                container
                        + (previous ? " previous" : "")
                        + query.tailLines().stream().mapToObj(n -> " tail " + n).toList()
                        + query.since().map(since -> " since " + since).orElse("")
                        + (query.timestamps() ? " timestamps" : "")
                        + query.limitBytes().stream().mapToObj(n -> " limit " + n).toList()
                        + "\n";
        out.write(line.getBytes(StandardCharsets.UTF_8));
        out.flush();
        if (query.follow()) {
            FOLLOWING.incrementAndGet();
            try {
                new CountDownLatch(1).await();
            } finally {
                FOLLOWING.decrementAndGet();
            }
        }
    }

    @Test
    void optionsArriveAsTheyWereMeant() throws Exception {
        assertEquals("web[][]\n", logs());
        assertEquals("web[ tail 5][]\n", logs("--tail=5"));
        assertEquals("web[ tail 0][]\n", logs("--tail=0"));
        assertEquals("web[] since 2099-05-01T12:02:20Z[]\n", logs("--since=1m"));
        assertEquals(
                "web[] since 2099-05-01T10:00:00Z[]\n",
                logs("--since-time=2099-05-01T12:00:00+02:00"));
        assertEquals("web[] timestamps[ limit 100]\n", logs("--timestamps", "--limit-bytes=100"));
        assertEquals("web[][]\n", logs("-c", "web"));
        assertEquals("web[][]\n", logs("--all-containers"));
        assertEquals("[pod/" + POD + "/web] web[][]\n", logs("--all-containers", "--prefix"));
    }

    @Test
    void followingEndsWithTheReader() throws Exception {
        try (Kubectl.Running following = kubectl.start("logs", "-f", "-n", "shop", POD)) {
            following.awaitLine("web[][]");
            Await.until(() -> FOLLOWING.get() == 1, () -> FOLLOWING + " follow");
        }
        Await.until(() -> FOLLOWING.get() == 0, () -> FOLLOWING + " still follow");
    }

    @Test
    void whatCannotBeReadIsNamed() throws Exception {
        assertEquals(
                "Error from server (BadRequest): previous terminated container \"web\" in pod \""
                        + POD
                        + "\" not found",
                kubectl.fails("logs", "--previous", "-n", "shop", POD));
        assertEquals(
                "Error from server (BadRequest): container \"web\" in pod \"web-5d4f8-b\" is"
                        + " waiting to start: ContainerCreating",
                kubectl.fails("logs", "-n", "shop", "web-5d4f8-b"));
        assertEquals(
                "error: container other is not valid for pod " + POD,
                kubectl.fails("logs", "-c", "other", "-n", "shop", POD));
        String many =
                kubectl.fails("logs", "-f", "-l", "app=web", "--max-log-requests=1", "-n", "shop");
        assertTrue(many.contains("maximum allowed concurrency is 1"), many);
    }

    @Test
    void optionsThatMakeNoSenseAreRefused() throws Exception {
        String log = "/api/v1/namespaces/shop/pods/" + POD + "/log?container=web&";
        try (Client admin = Client.admin(cluster)) {
            for (String[] refusal :
                    List.of(
                            new String[] {
                                "tailLines=-1",
                                "tailLines: Invalid value: -1: must be greater than or equal to 0"
                            },
                            new String[] {
                                "limitBytes=0",
                                "limitBytes: Invalid value: 0: must be greater than 0"
                            },
                            new String[] {
                                "sinceSeconds=5&sinceTime=2099-05-01T12:00:00Z",
                                ": Forbidden: at most one of `sinceTime` or `sinceSeconds` may be"
                                        + " specified"
                            })) {
                var response = admin.get(log + refusal[0]);
                assertEquals(422, response.statusCode());
                assertEquals(
                        "PodLogOptions \"" + POD + "\" is invalid: " + refusal[1],
                        Client.parse(Client.text(response)).path("message").asText());
            }
        }
    }

    private static String logs(String... options) throws Exception {
        List<String> all = new java.util.ArrayList<>(List.of("logs", "-n", "shop", POD));
        all.addAll(List.of(options));
        return kubectl.ok(all.toArray(String[]::new));
    }
}
