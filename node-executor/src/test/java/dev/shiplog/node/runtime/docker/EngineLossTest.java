package dev.shiplog.node.runtime.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.node.runtime.ContainerStatus;
import dev.shiplog.node.runtime.PodRuntime;
import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.node.runtime.RuntimeFailure.Kind;
import dev.shiplog.node.runtime.RuntimeFixture;
import dev.shiplog.node.runtime.SandboxStatus;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The connection to the Engine is lost, or nothing comes back over it; the pods run on. */
class EngineLossTest extends RuntimeFixture {
    private final String cluster = TestEngine.cluster();

    /** Set by {@link #open}, which the fixture calls before all. */
    @SuppressWarnings("NullAway.Init")
    private SocketProxy proxy;

    @BeforeAll
    static void engineAnswers() {
        TestEngine.require();
    }

    @Override
    protected PodRuntime open(String nodeName) throws Exception {
        URI engine = TestEngine.unixSocket();
        Path socket = Files.createTempDirectory("shiplog-proxy").resolve("docker.sock");
        proxy = new SocketProxy(socket, Path.of(engine.getPath()));
        DockerRuntime runtime = DockerRuntime.openAt(proxy.uri(), cluster, nodeName);
        TestEngine.requireImage(runtime);
        return runtime;
    }

    @Override
    protected String image() {
        return TestEngine.IMAGE;
    }

    @Override
    protected void closeMachine() throws Exception {
        Path folder = Path.of(proxy.uri().getPath()).getParent();
        proxy.close();
        Files.deleteIfExists(folder);
    }

    @Test
    void afterALossEveryPodIsHintedAndCallsWorkAgain() throws Exception {
        SandboxStatus pod = sandbox("survivor");
        ContainerStatus main = start(pod, container("main", 0, programs().forever()));
        Set<String> hinted = ConcurrentHashMap.newKeySet();
        try (PodRuntime.Watch watch = runtime.watch(hinted::add)) {
            assertTrue(watch != null);
            hinted.clear();
            proxy.cut();
            for (int i = 0; i < 3; i++) {
                RuntimeFailure failure = assertThrows(RuntimeFailure.class, runtime::list);
                assertEquals(Kind.UNAVAILABLE, failure.kind(), failure::getMessage);
            }
            proxy.restore();
            await("a hint of what runs", () -> hinted.contains(pod.podUid()));
            assertTrue(status(pod, main.id()).running());

            hinted.clear();
            runtime.stopContainer(main.id(), NO_GRACE);
            await("a hint of the end", () -> hinted.contains(pod.podUid()));
        }
    }

    @Test
    void aWatchBegunWithoutAnEngineFindsItLater() throws Exception {
        SandboxStatus pod = sandbox("late");
        Set<String> hinted = ConcurrentHashMap.newKeySet();
        proxy.cut();
        try (PodRuntime.Watch watch = runtime.watch(hinted::add)) {
            assertTrue(watch != null);
            proxy.restore();
            await("a hint of what is there", () -> hinted.contains(pod.podUid()));
        }
    }

    @Test
    void anEngineThatHangsIsUnavailableInBoundedTime(@TempDir Path folder) throws Exception {
        Path target = Path.of(TestEngine.unixSocket().getPath());
        try (SocketProxy hung = new SocketProxy(folder.resolve("hung.sock"), target)) {
            hung.fallSilent();
            assertTrue(EngineProbe.probe(hung.uri()) instanceof EngineProbe.Unavailable);
            try (Engine engine = Engine.at(hung.uri())) {
                RuntimeFailure failure =
                        assertThrows(
                                RuntimeFailure.class,
                                () ->
                                        engine.call(
                                                "looking",
                                                Duration.ofMillis(200),
                                                () -> engine.client().infoCmd().exec()));
                assertEquals(Kind.UNAVAILABLE, failure.kind(), failure::getMessage);
            }
        }
    }
}
