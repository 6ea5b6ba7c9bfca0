package dev.shiplog.node.runtime.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.shiplog.node.image.Trees;
import dev.shiplog.node.network.NetworkNames;
import dev.shiplog.node.network.Subnet;
import dev.shiplog.node.network.pod.PodNetwork;
import dev.shiplog.node.runtime.ContainerSpec;
import dev.shiplog.node.runtime.ContainerStatus;
import dev.shiplog.node.runtime.LogOptions;
import dev.shiplog.node.runtime.ObservedPod;
import dev.shiplog.node.runtime.SandboxSpec;
import dev.shiplog.node.runtime.SandboxStatus;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Containers outlive the program that started them, however it ends. */
class AdoptionTest {
    private static final String IMAGE = "busybox:1.37";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int PODS = 4;
    private static final long SEED = 20261123;

    private final String cluster = "adoption-" + UUID.randomUUID();
    private Path root = Path.of("/");

    @BeforeEach
    void requireRoot() throws Exception {
        Optional<String> objection = ProcessRuntime.objection();
        assumeTrue(objection.isEmpty(), () -> objection.orElse(""));
        root = Files.createTempDirectory("shiplog-adoption-");
    }

    @AfterEach
    void remove() throws Exception {
        if (Files.exists(root.resolve("sandboxes"))) {
            try (ProcessRuntime runtime = open(cluster, root)) {
                runtime.purge();
            }
        }
        Trees.delete(root);
    }

    static ProcessRuntime open(String cluster, Path root) throws Exception {
        return ProcessRuntime.open(
                new ProcessRuntime.Settings(
                        root,
                        PodNetwork.alone(
                                NetworkNames.of(cluster, "node"), Subnet.parse("10.244.0.0/24")),
                        ProcessRuntime.Mode.PLAIN));
    }

    static SandboxSpec pod(String uid) {
        return new SandboxSpec(uid, "default", uid, uid, new TreeMap<>(), false, List.of());
    }

    static ContainerSpec container(String name, String script) {
        return new ContainerSpec(
                name,
                0,
                IMAGE,
                List.of("sh", "-c", script),
                List.of(),
                new TreeMap<>(),
                Optional.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                false,
                false);
    }

    /** The program that is killed: starts pods one after the other until it is. */
    static final class Victim {
        private Victim() {}

        public static void main(String[] args) throws Exception {
            ProcessRuntime runtime = open(args[0], Path.of(args[1]));
            for (int i = 0; i < Integer.parseInt(args[2]); i++) {
                SandboxStatus sandbox = runtime.runSandbox(pod("pod-" + i));
                runtime.startContainer(
                        sandbox, container("stays", "echo up; while :; do sleep 300; done"));
                runtime.startContainer(sandbox, container("ends", "sleep 1; echo over; exit 7"));
                System.out.println("started " + i);
            }
            Thread.sleep(Duration.ofMinutes(5));
        }
    }

    private Process victim(int pods) throws Exception {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        return new ProcessBuilder(
                        java.toString(),
                        "-Xshare:auto",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Victim.class.getName(),
                        cluster,
                        root.toString(),
                        Integer.toString(pods))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private void importImage() throws Exception {
        try (ProcessRuntime runtime = open(cluster, root)) {
            runtime.images().importBusybox(ProcessRuntimeContract.BUSYBOX, IMAGE);
        }
    }

    @Test
    void aRemovalThatAKilledProgramBeganIsFinished() throws Exception {
        importImage();
        Layout layout = new Layout(root);
        String id = "0123456789ab";
        Files.createDirectories(layout.removed(id).resolve("upper"));
        Files.writeString(layout.started(id), "1 1\n");
        Files.writeString(layout.exited(id), "0 0\n");
        try (ProcessRuntime runtime = open(cluster, root)) {
            assertEquals(List.of(), runtime.list());
        }
        assertEquals(List.of(), Records.names(layout.removed()));
        assertEquals(List.of(), Records.names(layout.events()));
    }

    @Test
    void whatIsNotedOfAContainerThatIsBeingRemovedIsLost() throws Exception {
        Layout layout = new Layout(root);
        String id = "0123456789ab";
        Files.createDirectories(layout.container(id));
        Files.createDirectories(layout.logs());
        Files.writeString(layout.log(id), "line\n");
        Files.createDirectories(layout.removed());
        Files.move(layout.container(id), layout.removed(id));
        LogTimes times = new LogTimes(layout);
        times.note(id);
        new LogSpace(layout, times).trim(id);
        assertEquals(List.of(), Records.names(layout.removed(id)));
        assertEquals(List.of(), Records.names(layout.containers()));
    }

    @Test
    void aKilledProgramsContainersRunOnAndTheirEndsAreKept() throws Exception {
        importImage();
        Process victim = victim(1);
        try (BufferedReader said = victim.inputReader()) {
            assertEquals("started 0", said.readLine());
        } finally {
            victim.destroyForcibly().waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
        Path exit = root.resolve("events");
        // Nobody runs who could see it end.
        await("it ends", () -> Records.names(exit).stream().anyMatch(n -> n.endsWith(".exited")));
        try (ProcessRuntime runtime = open(cluster, root)) {
            ObservedPod pod = runtime.list().getFirst();
            assertTrue(pod.sandbox().running());
            ContainerStatus ends = pod.containers().get(0);
            ContainerStatus stays = pod.containers().get(1);
            assertEquals(7, ends.ended().orElseThrow().exitCode());
            assertTrue(stays.running());
            ByteArrayOutputStream log = new ByteArrayOutputStream();
            runtime.logs(ends.id(), LogOptions.all(), log);
            assertEquals("over\n", log.toString(StandardCharsets.UTF_8));
            ContainerStatus again =
                    runtime.startContainer(pod.sandbox(), container("stays", "exit 1"));
            assertEquals(stays, again);
            assertEquals(
                    137,
                    runtime.stopContainer(stays.id(), Duration.ZERO)
                            .ended()
                            .orElseThrow()
                            .exitCode());
        }
    }

    @Test
    void killedAtAnyMomentNothingIsDoubledOrForgotten() throws Exception {
        importImage();
        Random random = new Random(SEED);
        for (int round = 0; round < 4; round++) {
            Process victim = victim(PODS);
            try {
                int before = Records.names(root.resolve("sandboxes")).size();
                if (before < PODS) {
                    await(
                            "a new pod",
                            () -> Records.names(root.resolve("sandboxes")).size() > before);
                }
                // Then anywhere between two steps of making it or the next one.
                victim.waitFor(random.nextInt(250), TimeUnit.MILLISECONDS);
            } finally {
                victim.destroyForcibly().waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
            try (ProcessRuntime runtime = open(cluster, root)) {
                for (ObservedPod pod : runtime.list()) {
                    SandboxStatus sandbox = runtime.runSandbox(pod(pod.sandbox().podUid()));
                    assertEquals(pod.sandbox().id(), sandbox.id());
                    ContainerStatus stays =
                            runtime.startContainer(
                                    sandbox,
                                    container("stays", "echo up; while :; do sleep 300; done"));
                    assertTrue(stays.running(), () -> "seed " + SEED + ": " + stays);
                }
                assertTrue(!runtime.list().isEmpty());
                assertEquals(runtime.list().size(), supervisors("stays"), () -> "seed " + SEED);
            }
        }
    }

    /** Live supervisors of containers of that name below the root; asked of the kernel. */
    private int supervisors(String name) throws Exception {
        List<String> found = new ArrayList<>();
        Records records = new Records(new Layout(root));
        ContainerState state = new ContainerState(new Layout(root));
        for (ContainerRecord record : records.containers()) {
            if (record.name().equals(name) && state.supervised(record.id())) {
                found.add(record.id());
            }
        }
        List<String> known = found.stream().distinct().toList();
        long processes =
                ProcessHandle.allProcesses()
                        .flatMap(process -> process.info().commandLine().stream())
                        .filter(line -> line.contains("supervise.sh " + root))
                        .filter(line -> known.stream().noneMatch(line::endsWith))
                        .filter(line -> records(records, line).equals(name))
                        .count();
        assertEquals(0, processes, "supervisors of containers that nobody knows");
        return found.size();
    }

    private static String records(Records records, String line) {
        try {
            return records.container(line.substring(line.lastIndexOf('/') + 1))
                    .map(ContainerRecord::name)
                    .orElse("stays");
        } catch (IOException e) {
            return "stays";
        }
    }

    @Test
    void aKilledSupervisorsContainerIsSeenToHaveEnded() throws Exception {
        importImage();
        try (ProcessRuntime runtime = open(cluster, root)) {
            SandboxStatus sandbox = runtime.runSandbox(pod("pod"));
            ContainerStatus started =
                    runtime.startContainer(sandbox, container("main", "sleep 300"));
            Layout layout = new Layout(root);
            ContainerState state = new ContainerState(layout);
            state.supervisor(started.id()).orElseThrow().kill();
            ProcessIdentity init = state.init(started.id()).orElseThrow();
            init.kill();
            await("its end", () -> ended(runtime).isPresent());
            assertEquals(137, ended(runtime).orElseThrow().exitCode());
            assertTrue(!init.alive());
        }
    }

    private static Optional<ContainerStatus.Ended> ended(ProcessRuntime runtime) throws Exception {
        return runtime.pod("pod").orElseThrow().containers().getFirst().ended();
    }

    private static void await(String what, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > deadline) {
                fail("expected within " + PATIENCE.toSeconds() + " s: " + what);
            }
            Thread.sleep(20);
        }
    }
}
