package dev.shiplog.api.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.shiplog.api.stream.Streams;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

/** The real kubectl shows what pods and nodes use. */
class KubectlTopTest {
    @TempDir Path folder;
    private FakeContainers containers;
    private TestCluster cluster;
    private Kubectl kubectl;

    @BeforeEach
    void start() throws Exception {
        containers = new FakeContainers();
        containers.use("web", 5, 30);
        containers.use("sidecar", 120, 200);
        cluster = TestCluster.populated(folder, (_, _, _, _, _) -> {}, Streams.of(containers));
        kubectl = new Kubectl(folder);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void topShowsWhatIsUsed() throws Exception {
        assertEquals(
                List.of("NAME CPU(cores) MEMORY(bytes)", "web-5d4f8-a 125m 230Mi"),
                table("top", "pod", "-n", "shop"));
        assertEquals(
                List.of("NAMESPACE NAME CPU(cores) MEMORY(bytes)", "shop web-5d4f8-a 125m 230Mi"),
                table("top", "pod", "-A", "--sort-by=memory"));
        assertEquals(
                List.of(
                        "POD NAME CPU(cores) MEMORY(bytes)",
                        "web-5d4f8-a sidecar 120m 200Mi",
                        "web-5d4f8-a web 5m 30Mi"),
                table("top", "pod", "web-5d4f8-a", "-n", "shop", "--containers", "--sort-by=cpu"));
        assertEquals(
                List.of("NAME CPU(cores) CPU(%) MEMORY(bytes) MEMORY(%)", "n1 125m 6% 230Mi 5%"),
                table("top", "node"));
        // All of that within the time for which a measurement is fresh.
        assertEquals(1, containers.measured.get());
        cluster.now = cluster.now.plusSeconds(60);
        kubectl.ok("top", "pod", "-n", "shop", "-l", "app=web");
        assertEquals(2, containers.measured.get());
    }

    @Test
    void whatIsNotMeasuredIsNamed() throws Exception {
        assertEquals(
                "Error from server (NotFound): pods \"shop/absent\" not found",
                kubectl.fails("top", "pod", "absent", "-n", "shop"));
        assertEquals(
                "No resources found in shop namespace.",
                kubectl.run("top", "pod", "-n", "shop", "-l", "app=other").err().strip());
    }

    private List<String> table(String... arguments) throws Exception {
        return kubectl.ok(arguments)
                .lines()
                .map(line -> line.strip().replaceAll(" +", " "))
                .toList();
    }
}
