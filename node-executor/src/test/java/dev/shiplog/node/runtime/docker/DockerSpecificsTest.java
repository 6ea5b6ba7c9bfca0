package dev.shiplog.node.runtime.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;

import dev.shiplog.node.runtime.BusyboxImage;
import dev.shiplog.node.runtime.ContainerSpec;
import dev.shiplog.node.runtime.ContainerStatus;
import dev.shiplog.node.runtime.ObservedPod;
import dev.shiplog.node.runtime.PodRuntime;
import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.node.runtime.RuntimeFailure.Kind;
import dev.shiplog.node.runtime.RuntimeFixture;
import dev.shiplog.node.runtime.SandboxSpec;
import dev.shiplog.node.runtime.SandboxStatus;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** What is particular to Docker: what the containers look like to it, and what others may do. */
class DockerSpecificsTest extends RuntimeFixture {
    private static final String ANSWER =
            "while :; do echo answered | nc -l -p 8080 >/dev/null 2>&1; done";

    private final String cluster = TestEngine.cluster();
    private final Engine engine = Engine.fromEnvironment();
    private final DockerClient docker = engine.client();

    @BeforeAll
    static void engineAnswers() {
        TestEngine.require();
    }

    @Override
    protected PodRuntime open(String nodeName) throws Exception {
        DockerRuntime opened = DockerRuntime.open(cluster, nodeName);
        TestEngine.requireImage(opened);
        return opened;
    }

    @Override
    protected String image() {
        return TestEngine.IMAGE;
    }

    @Override
    protected void closeMachine() {
        engine.close();
    }

    @Test
    void labelsSayWhoseAContainerIsAndLimitsReachTheEngine() throws Exception {
        SandboxStatus pod = sandbox("labelled");
        ContainerSpec base = container("main", 2, programs().forever());
        ContainerSpec limited =
                new ContainerSpec(
                        base.name(),
                        base.attempt(),
                        base.image(),
                        base.command(),
                        base.args(),
                        base.env(),
                        base.workingDir(),
                        OptionalLong.of(32 << 20),
                        OptionalLong.of(250_000_000),
                        OptionalLong.of(1),
                        base.user(),
                        false,
                        false);
        InspectContainerResponse main = docker.inspectContainerCmd(start(pod, limited).id()).exec();
        assertEquals(
                new TreeMap<>(
                        Map.of(
                                Owner.CLUSTER,
                                cluster,
                                Owner.NODE,
                                node,
                                Owner.POD_UID,
                                pod.podUid(),
                                Owner.POD_NAMESPACE,
                                "default",
                                Owner.POD_NAME,
                                "labelled",
                                Owner.CONTAINER,
                                "main",
                                Owner.ATTEMPT,
                                "2",
                                Owner.IMAGE,
                                image())),
                new TreeMap<>(main.getConfig().getLabels()));
        assertEquals(32 << 20, main.getHostConfig().getMemory());
        assertEquals(32 << 20, main.getHostConfig().getMemorySwap());
        assertEquals(25_000, main.getHostConfig().getCpuQuota());
        assertEquals(2, main.getHostConfig().getCpuShares());
        InspectContainerResponse sandbox = docker.inspectContainerCmd(pod.id()).exec();
        assertEquals("labelled", sandbox.getConfig().getLabels().get("app"));
    }

    @Test
    void theMachinesPortsAreForwarded() throws Exception {
        int port = freePort();
        SandboxStatus pod = sandbox(withPort("served", port));
        start(pod, script("main", ANSWER));
        await("an answer", () -> answer(port).startsWith("answered"));
    }

    @Test
    void aPortThatIsTakenIsTheSpecificationsFault() throws Exception {
        int port = freePort();
        sandbox(withPort("first", port));
        SandboxSpec second = withPort("second", port);
        RuntimeFailure failure =
                assertThrows(RuntimeFailure.class, () -> runtime.runSandbox(second));
        assertEquals(Kind.INVALID_SPEC, failure.kind(), failure::getMessage);
        runtime.removeSandbox(observed(second).sandbox().id());
    }

    @Test
    void aPodOnTheHostsNetworkHasTheHostsAddress() throws Exception {
        SandboxSpec spec =
                new SandboxSpec(
                        pod("x").podUid(),
                        "default",
                        "host",
                        "host",
                        new TreeMap<>(),
                        true,
                        List.of());
        SandboxStatus pod = sandbox(spec);
        assertTrue(pod.ip().matches("[0-9]+(\\.[0-9]+){3}"), pod::ip);
        assertEquals(pod.ip(), observed(spec).sandbox().ip());
        assertEquals("host\n", output(pod, script("main", "hostname")));
    }

    @Test
    void aSandboxThatWasStoppedRunsAgain() throws Exception {
        SandboxSpec spec = pod("stopped");
        SandboxStatus pod = sandbox(spec);
        ContainerStatus main = start(pod, container("main", 0, programs().forever()));
        docker.killContainerCmd(pod.id()).exec();
        await("it is stopped", () -> !observed(spec).sandbox().running());
        assertEquals("", observed(spec).sandbox().ip());

        SandboxStatus again = sandbox(spec);
        assertEquals(pod.id(), again.id());
        assertTrue(again.running());
        assertFalse(again.ip().isEmpty());
        runtime.stopContainer(main.id(), NO_GRACE);
        assertTrue(start(again, container("main", 1, programs().forever())).running());
    }

    @Test
    void containersWhoseSandboxWasRemovedAreStillListedAndRemovable() throws Exception {
        SandboxSpec spec = pod("orphan");
        SandboxStatus pod = sandbox(spec);
        start(pod, container("main", 0, programs().forever()));
        docker.removeContainerCmd(pod.id()).withForce(true).exec();

        ObservedPod orphan = observed(spec);
        assertFalse(orphan.sandbox().running());
        assertEquals("orphan", orphan.sandbox().podName());
        assertEquals(1, orphan.containers().size());
        runtime.removeSandbox(orphan.sandbox().id());
        assertEquals(Optional.empty(), runtime.pod(spec.podUid()));
    }

    @Test
    void aContainerForASandboxThatIsGoneLeavesNothing() throws Exception {
        SandboxSpec spec = pod("toolate");
        SandboxStatus pod = sandbox(spec);
        docker.killContainerCmd(pod.id()).exec();
        await("it is stopped", () -> !observed(spec).sandbox().running());
        RuntimeFailure failure =
                assertThrows(
                        RuntimeFailure.class,
                        () -> start(pod, container("main", 0, programs().forever())));
        assertEquals(Kind.OTHER, failure.kind(), failure::getMessage);
        assertEquals(List.of(), containers(pod));
    }

    @Test
    void aContainerThatWasCreatedButNotStartedIsStarted() throws Exception {
        SandboxStatus pod = sandbox("halfway");
        ContainerSpec spec = container("main", 0, programs().forever());
        Owner owner = new Owner(cluster, node);
        String created =
                ContainerRequest.of(
                                docker,
                                spec,
                                pod.id(),
                                owner.containerName(pod, spec),
                                owner.containerLabels(pod, spec))
                        .exec()
                        .getId();
        assertFalse(status(pod, created).running());
        ContainerStatus started = start(pod, spec);
        assertEquals(created, started.id());
        assertTrue(started.running());
    }

    @Test
    void aNetworkThatSomebodyRemovedIsMadeAgain() throws Exception {
        runtime.removeSandbox(runtime.runSandbox(pod("before")).id());
        docker.removeNetworkCmd("shiplog-" + cluster).exec();
        SandboxStatus after = sandbox("after");
        assertTrue(after.running());
        assertNotEquals("", after.ip());
    }

    @Test
    void theBusyboxImageIsTheSameWheneverItIsBuilt() throws Exception {
        Path busybox = BusyboxImage.onThisMachine().orElseThrow();
        String name = "shiplog-test/busybox:" + cluster;
        try (DockerRuntime mine = DockerRuntime.open(cluster, node)) {
            String first = mine.buildBusybox(name, busybox);
            assertEquals(first, mine.buildBusybox(name, busybox));
        } finally {
            docker.removeImageCmd(name).exec();
        }
    }

    private ObservedPod observed(SandboxSpec spec) throws RuntimeFailure {
        return runtime.pod(spec.podUid()).orElseThrow();
    }

    private static SandboxSpec withPort(String name, int hostPort) {
        SandboxSpec spec = pod(name);
        return new SandboxSpec(
                spec.podUid(),
                spec.namespace(),
                name,
                name,
                spec.labels(),
                false,
                List.of(new SandboxSpec.PortMapping(hostPort, 8080, "TCP", "127.0.0.1")));
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }

    private static String answer(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(2_000);
            return new String(socket.getInputStream().readNBytes(9), StandardCharsets.US_ASCII);
        } catch (IOException notYet) {
            return "";
        }
    }
}
