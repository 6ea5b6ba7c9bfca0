package dev.shiplog.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.shiplog.node.agent.NodeAgent;
import dev.shiplog.node.runtime.BusyboxImage;
import dev.shiplog.node.runtime.docker.DockerRuntime;
import dev.shiplog.node.runtime.docker.EngineProbe;
import dev.shiplog.resource.Resource;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;

/** One pod on a real Docker Engine: it runs, dies, comes back, is taken up again, and goes. */
final class DockerNodeTest {
    private static final String IMAGE = "busybox:1.37";

    @Test
    void aPodLivesOnDocker() throws Exception {
        Assumptions.assumeFalse(
                "none".equals(System.getProperty("shiplog.docker")), "-Dshiplog.docker=none");
        EngineProbe probe = EngineProbe.probe();
        assertInstanceOf(
                EngineProbe.Available.class,
                probe,
                () -> "This test needs a Docker Engine: " + probe + ". Run ops/test.");
        String name = "test-" + UUID.randomUUID().toString().substring(0, 8);
        try (TestCluster cluster = new TestCluster();
                DockerRuntime runtime = DockerRuntime.open(name, "n1")) {
            if (runtime.imageId(IMAGE).isEmpty()) {
                Path busybox =
                        BusyboxImage.onThisMachine()
                                .orElseThrow(
                                        () -> new AssertionError("no busybox here; run ops/test"));
                runtime.buildBusybox(IMAGE, busybox);
            }
            try {
                live(cluster, runtime);
            } finally {
                runtime.purge();
            }
        }
    }

    private static void live(TestCluster cluster, DockerRuntime runtime) throws Exception {
        NodeAgent agent = cluster.startNode(runtime);
        Resource pod =
                cluster.createPod(
                        "web",
                        "{\"containers\":[{\"name\":\"web\",\"image\":\""
                                + IMAGE
                                + "\",\"command\":[\"sh\",\"-c\",\"trap 'exit 0' TERM; while true;"
                                + " do sleep 0.1; done\"]}]}");
        cluster.await("web is ready", () -> cluster.ready(pod.key()));
        String first = cluster.container(pod.key()).path("containerID").asText();

        agent.close();
        agent = cluster.startNode(runtime);
        try {
            assertEquals(first, cluster.container(pod.key()).path("containerID").asText());
            runtime.stopContainer(
                    first.substring("docker://".length()), java.time.Duration.ofSeconds(5));
            cluster.awaitContainer(
                    "one restart", pod.key(), c -> c.path("restartCount").asInt() == 1);
            cluster.await("web is ready again", () -> cluster.ready(pod.key()));
            cluster.delete(pod.key(), OptionalLong.of(5));
            cluster.await("web is gone", () -> cluster.gone(pod.key(), pod.uid()));
            assertEquals(List.of(), runtime.list());
        } finally {
            agent.close();
        }
    }
}
