package dev.shiplog.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.node.network.pod.PodNetwork;
import dev.shiplog.node.runtime.BusyboxImage;
import dev.shiplog.node.runtime.docker.PrivateDockerd;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * The Docker Engine under a cluster, one of the test's own, ends and comes back: as a service
 * manager restarts it, as a crash does, and with containers that outlive it.
 */
final class DockerRestartIT {
    private static final Path PODS = Path.of("src/test/resources/engine/pods.yaml");
    private static final long SESSION_SECONDS = 30;

    private TestCluster cluster;

    @Test
    void podsComeBackAsThemselvesAndNothingIsDoubled() throws Exception {
        assumeTrue(PrivateDockerd.program().isPresent(), "a dockerd that root may start");
        Optional<String> objection = PodNetwork.objection();
        assumeTrue(objection.isEmpty(), () -> objection.orElse(""));
        PrivateDockerd engine = PrivateDockerd.start(false);
        try (TestCluster made =
                new TestCluster(
                        "engine", (_, _) -> List.of("env", "DOCKER_HOST=" + engine.uri()))) {
            cluster = made;
            cluster.shiplog("start", "--runtime", "docker").ok();
            loadImage();
            cluster.kubectl("apply", "-f", PODS.toAbsolutePath().toString()).ok();
            awaitPods(0, "Running");
            SortedMap<String, String> uids = uids();
            serve();

            Process follow = followed("follow.out");
            Process session = session("session.out");
            engine.end();
            sayThatItIsAway(1);
            ended(follow, "follow.out", false);
            ended(session, "session.out", true);
            engine.restart(false);
            awaitPods(1, "Failed");
            backAgain(uids, 1);
            assertEquals(
                    3,
                    cluster.kubectlJson("get", "pod", "never")
                            .at("/status/containerStatuses/0/state/terminated/exitCode")
                            .asInt());

            // Killed, its containers live on; the next one, which does not restore them, ends them.
            SortedMap<String, String> containers = liveContainers();
            engine.kill();
            sayThatItIsAway(2);
            engine.restart(false);
            awaitPods(2, "Failed");
            backAgain(uids, 2);
            assertTrue(
                    Collections.disjoint(containers.keySet(), liveContainers().keySet()),
                    "containers of their own after the Engine ended those before");

            containers = liveContainers();
            follow = followed("follow.out");
            session = session("session.out");
            engine.kill();
            sayThatItIsAway(3);
            ended(follow, "follow.out", true);
            ended(session, "session.out", true);
            engine.restart(true);
            backAgain(uids, 3);
            awaitPods(2, "Failed");
            assertEquals(containers, liveContainers(), "the Engine takes up what outlived it");
            String proof = cluster.shiplog("replay", "--verify").ok();
            assertTrue(proof.contains("The live cluster is exactly what its log says"), proof);
        } finally {
            engine.stop();
        }
    }

    @Test
    void aClusterStaysWithTheRuntimeThatHasItsPodsAndLeavesNoneBehind() throws Exception {
        assumeTrue(PrivateDockerd.program().isPresent(), "a dockerd that root may start");
        Optional<String> objection = PodNetwork.objection();
        assumeTrue(objection.isEmpty(), () -> objection.orElse(""));
        PrivateDockerd engine = PrivateDockerd.start(false);
        try (TestCluster made =
                new TestCluster(
                        "moving", (_, _) -> List.of("env", "DOCKER_HOST=" + engine.uri()))) {
            cluster = made;
            cluster.shiplog("start").ok();
            loadImage();
            cluster.kubectl("apply", "-f", PODS.toAbsolutePath().toString()).ok();
            awaitPods(0, "Running");
            SortedMap<String, String> uids = uids();
            cluster.shiplog("stop").ok();

            engine.kill();
            String refused = cluster.shiplog("start").failed();
            assertTrue(refused.contains("the runtime docker cannot be used"), refused);
            assertTrue(refused.contains("--runtime process"), refused);

            engine.restart(true);
            cluster.shiplog(
                            "image",
                            "import",
                            cluster.base().resolve("busybox.tar").toString(),
                            "busybox:1.37")
                    .ok();
            cluster.shiplog("start", "--runtime", "process").ok();
            awaitPods(1, "Failed");
            assertEquals(uids, uids(), "the same pods, and no others");
            assertEquals(Map.of(), liveContainers(), "no pod runs twice");
            serve();
            cluster.shiplog("stop").ok();

            cluster.shiplog("start", "--runtime", "auto").ok();
            assertEquals("process", cluster.status().path("runtime").asText());
            awaitPods(1, "Failed");
        } finally {
            engine.stop();
        }
    }

    private void loadImage() throws IOException {
        Path archive = cluster.base().resolve("busybox.tar");
        try (OutputStream out = Files.newOutputStream(archive)) {
            BusyboxImage.rootfsTar(BusyboxImage.onThisMachine().orElseThrow(), out);
        }
        cluster.shell().sh("docker import " + archive + " busybox:1.37").ok();
    }

    private List<JsonNode> pods() {
        List<JsonNode> pods = new ArrayList<>();
        cluster.kubectlJson("get", "pods").path("items").forEach(pods::add);
        return pods;
    }

    private static String name(JsonNode pod) {
        return pod.path("metadata").path("name").asText();
    }

    private SortedMap<String, String> uids() {
        SortedMap<String, String> uids = new TreeMap<>();
        pods().forEach(pod -> uids.put(name(pod), pod.path("metadata").path("uid").asText()));
        return uids;
    }

    /**
     * Waits until all pods are ready that restart, after so many restarts.
     *
     * @param never the phase of the one that does not
     */
    private void awaitPods(int restarts, String never) {
        Await.until(
                "each pod ready after " + restarts + " restarts",
                this::pods,
                pods ->
                        pods.size() == 4
                                && pods.stream()
                                        .allMatch(pod ->
                                                name(pod).equals("never")
                                                        ? pod.at("/status/phase")
                                                                .asText()
                                                                .equals(never)
                                                        : TestCluster.ready(pod)
                                                                && restarts(pod) == restarts));
    }

    private static int restarts(JsonNode pod) {
        return pod.at("/status/containerStatuses/0/restartCount").asInt();
    }

    private String serviceAddress() {
        return cluster.kubectlJson("get", "service", "web").at("/spec/clusterIP").asText();
    }

    private void serve() {
        Await.until(
                "the Service answers a pod",
                () ->
                        cluster.kubectl(
                                "exec",
                                "client",
                                "--",
                                "timeout",
                                "5",
                                "wget",
                                "-qO-",
                                "http://" + serviceAddress()),
                result -> result.code() == 0 && result.output().contains("answered"));
    }

    private String web() {
        return name(cluster.pods("default", "app=web").getFirst());
    }

    private Process followed(String file) throws IOException {
        Path out = cluster.base().resolve(file);
        Process process =
                cluster.shell().start(List.of("kubectl", "logs", "-f", web()), out.toFile());
        Await.until("a line of the log", () -> read(out), text -> text.contains("tick"));
        return process;
    }

    private Process session(String file) throws IOException {
        Path out = cluster.base().resolve(file);
        Process process =
                cluster.shell()
                        .start(
                                List.of(
                                        "kubectl",
                                        "exec",
                                        "client",
                                        "--",
                                        "sh",
                                        "-c",
                                        "echo begun; sleep 1000"),
                                out.toFile());
        Await.until("the command to run", () -> read(out), text -> text.contains("begun"));
        return process;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void ended(Process client, String file, boolean failed) throws InterruptedException {
        String said = read(cluster.base().resolve(file));
        assertTrue(
                client.waitFor(SESSION_SECONDS, TimeUnit.SECONDS),
                () -> "a client that goes on after its container: " + said);
        if (failed) {
            assertNotEquals(0, client.exitValue(), said);
            assertTrue(read(cluster.base().resolve(file)).contains("err"), said);
        }
    }

    /** The node tells it, and so does whoever wants something of a pod. */
    private void sayThatItIsAway(int times) {
        awaitNoted("ContainerRuntimeDown", times);
        String refused = cluster.kubectl("exec", "client", "--", "true").failed();
        assertTrue(refused.contains("does not answer"), refused);
    }

    /** Waits until the node noted something so many times, and no more. */
    private void awaitNoted(String reason, int times) {
        Await.until(
                times + " times " + reason,
                () -> cluster.kubectlJson("get", "events", "-A"),
                events -> {
                    int count = 0;
                    for (JsonNode event : events.path("items")) {
                        count +=
                                event.path("reason").asText().equals(reason)
                                        ? Math.max(1, event.path("count").asInt())
                                        : 0;
                    }
                    return count == times;
                });
    }

    /** After the Engine came back so many times. */
    private void backAgain(SortedMap<String, String> uids, int times) {
        awaitNoted("ContainerRuntimeUp", times);
        serve();
        assertEquals(uids, uids(), "the same pods, and no others");
        Map<String, String> live = liveContainers();
        assertEquals(
                List.of("client", "web", "web"),
                live.values().stream().sorted().toList(),
                "one live container for each");
    }

    /** The name of each container that lives by its id, sandboxes aside; asked of the Engine. */
    private SortedMap<String, String> liveContainers() {
        SortedMap<String, String> containers = new TreeMap<>();
        cluster.shell()
                .sh(
                        "docker ps --no-trunc --format '{{.ID}} {{.Label \"dev.shiplog.container.name\"}}'")
                .ok()
                .lines()
                .map(line -> line.split(" ", -1))
                .filter(words -> words.length > 1 && !words[1].isEmpty())
                .forEach(words -> containers.put(words[0], words[1]));
        return containers;
    }
}
