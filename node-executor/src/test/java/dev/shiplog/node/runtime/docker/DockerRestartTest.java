package dev.shiplog.node.runtime.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.node.runtime.ContainerStatus;
import dev.shiplog.node.runtime.PodRuntime;
import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.node.runtime.RuntimeFailure.Kind;
import dev.shiplog.node.runtime.RuntimeFixture;
import dev.shiplog.node.runtime.SandboxSpec;
import dev.shiplog.node.runtime.SandboxStatus;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** The Engine itself is killed and comes back. */
class DockerRestartTest extends RuntimeFixture {
    /** Set by {@link #open}, which the fixture calls before all. */
    @SuppressWarnings("NullAway.Init")
    private PrivateDockerd dockerd;

    @BeforeAll
    static void mayStartAnEngine() {
        TestEngine.require();
        Assumptions.assumeTrue(
                PrivateDockerd.program().isPresent(),
                "a dockerd of its own, which root may start; EngineLossTest covers the rest");
    }

    @Override
    protected PodRuntime open(String nodeName) throws Exception {
        if (dockerd == null) {
            dockerd = PrivateDockerd.start();
        }
        DockerRuntime opened = DockerRuntime.openAt(dockerd.uri(), TestEngine.cluster(), nodeName);
        TestEngine.requireImage(opened);
        return opened;
    }

    @Override
    protected String image() {
        return TestEngine.IMAGE;
    }

    @Override
    protected void closeMachine() throws Exception {
        if (dockerd != null) {
            dockerd.stop();
        }
    }

    @Test
    void podsSurviveAnEngineThatWasKilledAndAreHintedWhenItIsBack() throws Exception {
        SandboxStatus pod = sandbox(onHostNetwork("survivor"));
        ContainerStatus main = start(pod, container("main", 0, programs().forever()));
        Set<String> hinted = ConcurrentHashMap.newKeySet();
        try (PodRuntime.Watch watch = runtime.watch(hinted::add)) {
            assertTrue(watch != null);
            hinted.clear();
            dockerd.kill();
            RuntimeFailure failure =
                    assertThrows(RuntimeFailure.class, () -> runtime.pod(pod.podUid()));
            assertEquals(Kind.UNAVAILABLE, failure.kind(), failure::getMessage);

            dockerd.restart();
            await("a hint of what runs", () -> hinted.contains(pod.podUid()));
            assertEquals(main, status(pod, main.id()));
            assertEquals(main.id(), start(pod, container("main", 0, List.of())).id());

            hinted.clear();
            assertEquals(
                    0, runtime.stopContainer(main.id(), PATIENCE).ended().orElseThrow().exitCode());
            await("a hint of the end", () -> hinted.contains(pod.podUid()));
        }
    }

    /** The private Engine makes no networks: it must not touch the machine's packet filter. */
    private static SandboxSpec onHostNetwork(String name) {
        SandboxSpec spec = pod(name);
        return new SandboxSpec(
                spec.podUid(), spec.namespace(), name, name, new TreeMap<>(), true, List.of());
    }
}
