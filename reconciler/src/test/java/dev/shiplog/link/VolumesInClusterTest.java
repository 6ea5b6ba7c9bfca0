package dev.shiplog.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.shiplog.node.agent.NodeAgent;
import dev.shiplog.node.image.Trees;
import dev.shiplog.node.network.NetworkNames;
import dev.shiplog.node.network.Subnet;
import dev.shiplog.node.network.pod.PodNetwork;
import dev.shiplog.node.runtime.process.ProcessRuntime;
import dev.shiplog.node.volume.DiskVolumes;
import dev.shiplog.node.volume.TokenSource;
import dev.shiplog.node.volume.VolumeFailure;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;
import dev.shiplog.resource.secret.ValuePlace;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/** Volumes from the log into real containers, and out again. */
final class VolumesInClusterTest {
    private static final Path BUSYBOX = Path.of("/usr/bin/busybox");
    private static final ResourceKey CONFIG =
            new ResourceKey(GroupKind.CONFIG_MAP, "default", "config");
    private static final ResourceKey SECRET = new ResourceKey(GroupKind.SECRET, "default", "login");

    /** Copies what it sees to where the test sees it, whenever that changes. */
    private static final String POD =
            """
            {"terminationGracePeriodSeconds":0,
             "containers":[{"name":"c","image":"busybox:1.37","command":["sh","-c",
               "while :; do cat /config/greeting /secret/deep/word /labels/app >/out/next 2>/dev/null && mv /out/next /out/seen; sleep 0.1; done"],
               "volumeMounts":[{"name":"config","mountPath":"/config"},
                 {"name":"secret","mountPath":"/secret"},
                 {"name":"labels","mountPath":"/labels"},
                 {"name":"cache","mountPath":"/cache"},
                 {"name":"out","mountPath":"/out"}]}],
             "volumes":[{"name":"config","configMap":{"name":"config"}},
               {"name":"secret","secret":{"secretName":"login","items":[{"key":"word","path":"deep/word"}]}},
               {"name":"labels","downwardAPI":{"items":[{"path":"app","fieldRef":{"fieldPath":"metadata.name"}}]}},
               {"name":"cache","emptyDir":{}},
               {"name":"out","hostPath":{"path":"OUT","type":"DirectoryOrCreate"}}]}
            """;

    private static final Subnet ADDRESSES = Subnet.parse("10.244.0.0/24");

    private final TestCluster cluster = new TestCluster();
    private Path folder = Path.of(".");
    private Optional<ProcessRuntime> runtime = Optional.empty();
    private Optional<NodeAgent> agent = Optional.empty();

    @BeforeEach
    void start() throws Exception {
        Optional<String> objection = ProcessRuntime.objection();
        assumeTrue(objection.isEmpty(), () -> objection.orElse(""));
        folder = Files.createTempDirectory("shiplog-volumes-");
        ProcessRuntime opened =
                ProcessRuntime.open(
                        new ProcessRuntime.Settings(
                                folder.resolve("runtime"),
                                PodNetwork.alone(
                                        NetworkNames.of("test-" + UUID.randomUUID(), "n1"),
                                        ADDRESSES),
                                ProcessRuntime.Mode.PLAIN));
        opened.images().importBusybox(BUSYBOX, "busybox:1.37");
        runtime = Optional.of(opened);
        startNode();
    }

    private void startNode() throws Exception {
        agent = Optional.of(cluster.startNode(runtime.orElseThrow(), _ -> volumes()));
    }

    private DiskVolumes volumes() {
        return new DiskVolumes(folder.resolve("volumes"), TokenSource.NONE, InstantSource.system());
    }

    @AfterEach
    void stop() throws Exception {
        agent.ifPresent(NodeAgent::close);
        if (runtime.isPresent()) {
            runtime.get().purge();
            runtime.get().close();
            volumes().purge();
        }
        cluster.close();
        if (!folder.equals(Path.of("."))) {
            Trees.delete(folder);
        }
    }

    private String seen() {
        try {
            return Files.readString(folder.resolve("out/seen"));
        } catch (IOException notYet) {
            return "";
        }
    }

    private boolean noted(String message) {
        return cluster.ledger.state().resources(GroupKind.EVENT, "default").stream()
                .anyMatch(event ->
                        event.body().toNode().path("reason").asText().equals("FailedMount")
                                && event.body().toNode().path("message").asText().equals(message));
    }

    @Test
    void aPodWaitsForItsVolumesSeesThemChangeAndLeavesNothing() throws Exception {
        Resource pod =
                cluster.createPod("web", POD.replace("OUT", folder.resolve("out").toString()));
        cluster.await(
                "the ConfigMap is missed",
                () ->
                        noted(
                                "MountVolume.SetUp failed for volume \"config\" : configmap"
                                        + " \"config\" not found"));
        cluster.create(CONFIG, "{\"data\":{\"greeting\":\"hello \"}}");
        cluster.await(
                "the Secret is missed",
                () ->
                        noted(
                                "MountVolume.SetUp failed for volume \"secret\" : secret \"login\""
                                        + " not found"));
        String sealed =
                cluster.keys.seal(
                        "hunter2 ".getBytes(StandardCharsets.UTF_8), ValuePlace.of(SECRET, "word"));
        cluster.create(SECRET, "{\"type\":\"Opaque\",\"data\":{\"word\":\"" + sealed + "\"}}");
        cluster.await("it sees all", () -> seen().equals("hello hunter2 web"));
        assertEquals(List.of(), filesWith(folder.resolve("volumes"), "hunter2"));

        cluster.reviseBody(CONFIG, "{\"data\":{\"greeting\":\"bye \"}}");
        cluster.await("it sees the change", () -> seen().equals("bye hunter2 web"));

        // Another program takes over: the same volumes, and changes still arrive.
        agent.orElseThrow().close();
        startNode();
        cluster.reviseBody(CONFIG, "{\"data\":{\"greeting\":\"again \"}}");
        cluster.await("it sees the next change", () -> seen().equals("again hunter2 web"));
        assertEquals(0, cluster.container(pod.key()).path("restartCount").asInt());

        assertTrue(has(pod.uid()));
        cluster.delete(pod.key(), OptionalLong.of(0));
        cluster.await("it is gone", () -> cluster.gone(pod.key(), pod.uid()));
        cluster.await("its volumes are gone", () -> !has(pod.uid()));
        assertTrue(Files.exists(folder.resolve("out/seen")));
    }

    private boolean has(Uid pod) {
        try {
            return volumes().pods().contains(pod);
        } catch (VolumeFailure failure) {
            throw new AssertionError(failure);
        }
    }

    private static List<Path> filesWith(Path root, String text) throws IOException {
        try (var all = Files.walk(root)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> {
                        try {
                            return Files.readString(file, StandardCharsets.ISO_8859_1)
                                    .contains(text);
                        } catch (IOException gone) {
                            return false;
                        }
                    })
                    .toList();
        }
    }
}
