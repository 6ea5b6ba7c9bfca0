package dev.shiplog.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

import dev.shiplog.node.runtime.BusyboxImage;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Probes, hooks and last words of pods, through real kubectl on real containers. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PodLifeJourney {
    private static final Path FOLDER = Path.of("src/test/resources/pods").toAbsolutePath();

    private final String runtime;
    private TestCluster cluster;

    PodLifeJourney(String runtime) {
        this.runtime = runtime;
    }

    /** Makes an image known to the runtime: no registry is asked. */
    abstract void load(TestCluster cluster, Path archive, String image);

    @BeforeAll
    void makeCluster() throws IOException {
        cluster = new TestCluster("life-" + runtime);
        cluster.shiplog("start", "--runtime", runtime).ok();
        Path archive = cluster.base().resolve("busybox.tar");
        try (OutputStream out = Files.newOutputStream(archive)) {
            BusyboxImage.rootfsTar(BusyboxImage.onThisMachine().orElseThrow(), out);
        }
        load(cluster, archive, "busybox:1.37");
    }

    @AfterAll
    void removeCluster() {
        cluster.close();
    }

    private void apply(String file) {
        cluster.kubectl("apply", "-f", FOLDER.resolve(file).toString()).ok();
    }

    private JsonNode status(String pod) {
        return cluster.kubectlJson("get", "pod", pod).path("status");
    }

    private JsonNode container(String pod, String name) {
        for (String list : List.of("containerStatuses", "initContainerStatuses")) {
            for (JsonNode container : status(pod).path(list)) {
                if (container.path("name").asText().equals(name)) {
                    return container;
                }
            }
        }
        // Its node has not spoken yet.
        return MissingNode.getInstance();
    }

    private String endpoints(String service) {
        return cluster.kubectl("get", "endpoints", service).ok();
    }

    @Test
    @DisplayName(
            "guide rows 38, 66 and 67: what fails its probe is restarted, and describe says why")
    void aContainerThatFailsItsLivenessProbeIsRestarted() {
        apply("unhealthy.yaml");
        Await.until(
                "a restart",
                () -> container("unhealthy", "server"),
                container -> container.path("restartCount").asInt() > 0);
        JsonNode last = container("unhealthy", "server").path("lastState").path("terminated");
        assertTrue(last.has("exitCode"), last::toString);
        String described = cluster.kubectl("describe", "pod", "unhealthy").ok();
        for (String expected :
                List.of(
                        "Liveness:",
                        "http-get http://:http/index.html delay=2s timeout=5s period=1s"
                                + " #success=1 #failure=3",
                        "Liveness probe failed: HTTP probe failed with statuscode: 404",
                        "Container server failed liveness probe, will be restarted")) {
            assertTrue(described.contains(expected), () -> expected + " in:\n" + described);
        }
        cluster.kubectl("delete", "pod", "unhealthy", "--timeout=120s").ok();
    }

    @Test
    @DisplayName(
            "guide rows 16, 58 and 68: a pod comes up step by step, is served while it is ready, ends in"
                    + " order")
    void aPodIsServedOnlyWhileItIsReadyAndEndsInOrder() {
        apply("serving.yaml");
        Await.until(
                "it runs and is not ready",
                () -> status("serving"),
                status -> status.path("phase").asText().equals("Running"));
        assertEquals(false, container("serving", "web").path("ready").asBoolean());
        assertEquals(true, container("serving", "beside").path("started").asBoolean());
        assertTrue(endpoints("serving").contains("<none>"), endpoints("serving"));
        cluster.kubectl("exec", "serving", "-c", "web", "--", "cat", "/tmp/greeted").ok();

        cluster.kubectl("exec", "serving", "-c", "web", "--", "touch", "/tmp/ready").ok();
        cluster.kubectl("wait", "--for=condition=Ready", "pod/serving", "--timeout=120s").ok();
        Await.until("it is served", () -> endpoints("serving"), text -> text.contains(":8080"));
        String pods = cluster.kubectl("get", "pod", "serving", "--no-headers").ok();
        assertTrue(pods.contains("2/2") && pods.contains("Running"), pods);

        // Each container sees the other's processes.
        String processes =
                cluster.kubectl("exec", "serving", "-c", "web", "--", "ps", "-o", "args").ok();
        assertTrue(processes.contains("beside ends"), processes);

        cluster.kubectl("exec", "serving", "-c", "web", "--", "rm", "/tmp/ready").ok();
        cluster.kubectl("wait", "--for=condition=Ready=false", "pod/serving", "--timeout=120s")
                .ok();
        Await.until(
                "nobody is sent to it",
                () -> endpoints("serving"),
                text -> text.contains("<none>"));
        assertEquals(0, container("serving", "web").path("restartCount").asInt());

        Path log = cluster.base().resolve("end-" + runtime);
        cluster.shell()
                .sh(
                        "kubectl logs -f serving -c web >%s.web & kubectl logs -f serving -c beside >%s.beside &"
                                        .formatted(log, log)
                                + " sleep 1; kubectl delete pod serving --timeout=120s; wait")
                .ok();
        assertEquals("web says goodbye\nweb ends\n", read(log + ".web"));
        assertEquals("beside ends\n", read(log + ".beside"));
        cluster.kubectl("delete", "service", "serving").ok();
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatAContainerLeavesIsToldInItsStatus() {
        apply("talking.yaml");
        Await.until(
                "it has ended",
                () -> status("talking"),
                status -> status.path("phase").asText().equals("Failed"));
        assertEquals("the disk is full\n", message("file"));
        assertEquals("cannot connect\n", message("log"));
        assertEquals("done\n", message("elsewhere"));
        String described = cluster.kubectl("describe", "pod", "talking").ok();
        assertTrue(described.contains("Message:"), described);
        assertTrue(described.contains("Exit Code:    3"), described);
        cluster.kubectl("delete", "pod", "talking", "--timeout=120s").ok();
    }

    private String message(String name) {
        return container("talking", name).path("state").path("terminated").path("message").asText();
    }
}
