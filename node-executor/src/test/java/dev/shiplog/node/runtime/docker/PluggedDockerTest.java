package dev.shiplog.node.runtime.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.shiplog.node.image.Registries;
import dev.shiplog.node.network.NetworkNames;
import dev.shiplog.node.network.Subnet;
import dev.shiplog.node.network.pod.Interface;
import dev.shiplog.node.network.pod.PodNetwork;
import dev.shiplog.node.runtime.PodRuntime;
import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.node.runtime.RuntimeSandboxContract;
import dev.shiplog.node.runtime.SandboxSpec;
import dev.shiplog.node.runtime.SandboxStatus;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The contract of sandboxes, kept by a Docker Engine whose pods are on the node's own network. */
class PluggedDockerTest extends RuntimeSandboxContract {
    private final String cluster = TestEngine.cluster();
    private final List<String> bridges = new ArrayList<>();

    @BeforeAll
    static void engineAnswers() {
        TestEngine.require();
        Optional<String> objection = PodNetwork.objection();
        assumeTrue(objection.isEmpty(), () -> objection.orElse(""));
    }

    @Override
    protected PodRuntime open(String nodeName) throws Exception {
        NetworkNames names = NetworkNames.of(cluster, nodeName);
        bridges.add(names.bridge());
        DockerRuntime runtime =
                DockerRuntime.open(
                        cluster,
                        nodeName,
                        Registries.NONE,
                        PodNetwork.alone(names, Subnet.parse("10.245.0.0/24")));
        assumeTrue(runtime.plugs(), () -> runtime.info().details().toString());
        TestEngine.requireImage(runtime);
        return runtime;
    }

    @Override
    protected String image() {
        return TestEngine.IMAGE;
    }

    @Override
    protected List<String> leftovers() throws Exception {
        List<String> left = new ArrayList<>();
        for (String bridge : bridges) {
            if (new Interface(bridge).exists()) {
                left.add(bridge);
            }
        }
        return left;
    }

    @Test
    void aPortOfTheMachineLeadsIntoThePodAndIsOnlyOnes() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        SandboxStatus pod = sandbox(withPort("served", port));
        start(pod, script("main", "while :; do echo answered | nc -l -p 8080; done"));
        await("an answer", () -> answer(port).startsWith("answered"));
        RuntimeFailure taken =
                assertThrows(RuntimeFailure.class, () -> sandbox(withPort("second", port)));
        assertEquals(RuntimeFailure.Kind.INVALID_SPEC, taken.kind(), taken::getMessage);
        runtime.list().stream()
                .filter(other -> other.sandbox().podName().equals("second"))
                .forEach(other -> assertTrue(removed(other.sandbox().id())));
    }

    private boolean removed(String sandboxId) {
        try {
            runtime.removeSandbox(sandboxId);
            return true;
        } catch (RuntimeFailure failure) {
            throw new AssertionError(failure);
        }
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

    private static String answer(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(2_000);
            return new String(socket.getInputStream().readNBytes(9), StandardCharsets.US_ASCII);
        } catch (IOException notYet) {
            return "";
        }
    }
}
