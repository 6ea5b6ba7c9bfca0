package dev.shiplog.node.runtime.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.shiplog.node.image.Trees;
import dev.shiplog.node.linux.Programs;
import dev.shiplog.node.runtime.ContainerSpec;
import dev.shiplog.node.runtime.ContainerStatus;
import dev.shiplog.node.runtime.LogOptions;
import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.node.runtime.SandboxSpec;
import dev.shiplog.node.runtime.SandboxStatus;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** Ways into pods, and images that a real Docker Engine saved. */
class HostPortTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Path root = Path.of("/");
    private Optional<ProcessRuntime> opened = Optional.empty();

    @BeforeEach
    void open() throws Exception {
        Optional<String> objection = ProcessRuntime.objection();
        assumeTrue(objection.isEmpty(), () -> objection.orElse(""));
        root = Files.createTempDirectory("shiplog-ports-");
        opened = Optional.of(AdoptionTest.open("ports-" + UUID.randomUUID(), root));
        opened.get().images().importBusybox(ProcessRuntimeContract.BUSYBOX, "busybox:1.37");
    }

    @AfterEach
    void remove() throws Exception {
        if (opened.isPresent()) {
            opened.get().purge();
            opened.get().close();
        }
        Trees.delete(root);
    }

    private static SandboxSpec pod(String uid, boolean hostNetwork, int... ports) {
        List<SandboxSpec.PortMapping> mappings =
                Arrays.stream(ports)
                        .mapToObj(port -> new SandboxSpec.PortMapping(port, 8080, "TCP", ""))
                        .toList();
        return new SandboxSpec(uid, "default", uid, uid, new TreeMap<>(), hostNetwork, mappings);
    }

    private static String get(String url) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try (var in = URI.create(url).toURL().openStream()) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                Thread.sleep(20);
            }
        }
    }

    @Test
    void aPortOfTheMachineLeadsIntoThePod() throws Exception {
        assumeTrue(Programs.installed("nft"), "no nft");
        ProcessRuntime runtime = opened.orElseThrow();
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        SandboxStatus pod = runtime.runSandbox(pod("web", false, port));
        runtime.startContainer(
                pod,
                AdoptionTest.container(
                        "main", "echo served > /tmp/i; exec httpd -f -p 8080 -h /tmp"));
        assertEquals("served\n", get("http://" + pod.ip() + ":8080/i"));
        assertEquals("served\n", get("http://127.0.0.1:" + port + "/i"));
        assertEquals("served\n", get("http://" + HostAddress.find() + ":" + port + "/i"));
        RuntimeFailure taken =
                assertThrows(
                        RuntimeFailure.class, () -> runtime.runSandbox(pod("two", false, port)));
        assertEquals(RuntimeFailure.Kind.INVALID_SPEC, taken.kind());
        assertEquals(Optional.empty(), runtime.pod("two"));
        runtime.removeSandbox(pod.id());
        assertTrue(runtime.runSandbox(pod("two", false, port)).running());
    }

    @Test
    void aPodOnTheMachinesNetworkHasTheMachinesAddress() throws Exception {
        ProcessRuntime runtime = opened.orElseThrow();
        SandboxStatus pod = runtime.runSandbox(pod("host", true));
        assertEquals(HostAddress.find(), pod.ip());
        ContainerStatus main =
                runtime.startContainer(
                        pod, AdoptionTest.container("main", "cat /proc/net/route; exit 0"));
        runtime.stopContainer(main.id(), PATIENCE);
        assertEquals(
                Files.readString(Path.of("/proc/net/route")).lines().count(),
                log(runtime, main.id()).lines().count());
    }

    @Test
    void whatARealDockerEngineSavesRuns() throws Exception {
        assumeTrue(Programs.installed("docker"), "no docker");
        String name = "shiplog-test-" + UUID.randomUUID() + ":1";
        Path context = Files.createDirectory(root.resolve("context"));
        Files.copy(ProcessRuntimeContract.BUSYBOX, context.resolve("busybox"));
        Files.writeString(
                context.resolve("Dockerfile"),
                """
                FROM scratch
                COPY busybox /bin/sh
                COPY busybox /bin/rm
                COPY busybox /gone
                ENV GREETING=hello
                USER 12:34
                WORKDIR /srv/here
                USER 0
                RUN ["/bin/rm", "/gone"]
                USER 12:34
                ENTRYPOINT ["/bin/sh", "-c", "echo $GREETING $PWD; [ -e /gone ] || echo deleted; exit 9"]
                """);
        Path saved = root.resolve("saved.tar");
        try {
            Command.run("docker", "version");
        } catch (IOException e) {
            assumeTrue(false, "no Docker Engine answers");
        }
        Command.run(
                "sh",
                "-c",
                "DOCKER_BUILDKIT=0 docker build --network none -q -t \"$1\" \"$2\" && docker save -o \"$3\" \"$1\"",
                "sh",
                name,
                context.toString(),
                saved.toString());
        Command.run("docker", "rmi", "-f", name);
        ProcessRuntime runtime = opened.orElseThrow();
        runtime.images().importTar(saved, "saved:1");
        SandboxStatus pod = runtime.runSandbox(pod("saved", false));
        var base = AdoptionTest.container("main", "");
        ContainerStatus main =
                runtime.startContainer(
                        pod,
                        new ContainerSpec(
                                "main",
                                0,
                                "saved:1",
                                List.of(),
                                List.of(),
                                base.env(),
                                base.workingDir(),
                                base.memoryBytes(),
                                base.cpuNanos(),
                                base.cpuShares(),
                                base.user(),
                                false,
                                false));
        ContainerStatus ended = runtime.stopContainer(main.id(), PATIENCE);
        assertEquals("hello /srv/here\ndeleted\n", log(runtime, main.id()));
        assertEquals(9, ended.ended().orElseThrow().exitCode());
    }

    private static String log(ProcessRuntime runtime, String id) throws RuntimeFailure {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        runtime.logs(id, LogOptions.all(), out);
        return out.toString(StandardCharsets.UTF_8);
    }
}
