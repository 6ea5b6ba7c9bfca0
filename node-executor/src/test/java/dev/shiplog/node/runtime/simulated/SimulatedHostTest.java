package dev.shiplog.node.runtime.simulated;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.node.runtime.ContainerSpec;
import dev.shiplog.node.runtime.ContainerStatus;
import dev.shiplog.node.runtime.SandboxSpec;
import dev.shiplog.node.runtime.SandboxStatus;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;

/** The simulation on one thread, in a time that the test moves. */
class SimulatedHostTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final ManualTimer time = new ManualTimer();
    private final SimulatedHost host = new SimulatedHost(time, Duration.ZERO);
    private final SimulatedRuntime runtime = new SimulatedRuntime(host, "node-1");

    @Test
    void anExitHappensWhenItsTimeHasCome() throws Exception {
        List<String> hints = new ArrayList<>();
        runtime.watch(hints::add);
        SandboxStatus pod = runtime.runSandbox(pod(1));
        runtime.startContainer(pod, container("exit:3@2s", "print:half@1s"));
        hints.clear();

        time.advance(Duration.ofMillis(1999));
        assertTrue(only(pod).running());
        assertEquals(List.of(), hints);

        time.advance(Duration.ofMillis(1));
        ContainerStatus.Ended ended = only(pod).ended().orElseThrow();
        assertEquals(3, ended.exitCode());
        assertEquals(START.plusSeconds(2), ended.at());
        assertEquals(List.of("uid-1"), hints);
    }

    @Test
    void aKillThatCameBeforeTheScriptsEndWins() throws Exception {
        SandboxStatus pod = runtime.runSandbox(pod(1));
        ContainerStatus started = runtime.startContainer(pod, container("oom@5s"));
        runtime.stopContainer(started.id(), Duration.ZERO);
        time.advance(Duration.ofSeconds(10));
        assertEquals(137, only(pod).ended().orElseThrow().exitCode());
        assertEquals(START, only(pod).ended().orElseThrow().at());
    }

    @Test
    void anOutOfMemoryKillIsTold() throws Exception {
        SandboxStatus pod = runtime.runSandbox(pod(1));
        runtime.startContainer(pod, container("oom@1m"));
        time.advance(Duration.ofMinutes(1));
        assertTrue(only(pod).ended().orElseThrow().oomKilled());
    }

    @Test
    void ordinaryCommandsRunUntilTheyAreStopped() throws Exception {
        SandboxStatus pod = runtime.runSandbox(pod(1));
        runtime.startContainer(pod, container("sh", "-c", "echo exit; exit 3"));
        time.advance(Duration.ofDays(1));
        assertTrue(only(pod).running());
    }

    @Test
    void aScriptThatMakesNoSenseIsTheAuthorsFault() {
        assertThrows(IllegalArgumentException.class, () -> Script.of(container("exit:999")));
    }

    @Test
    void thousandsOfPodsHaveTheirOwnAddresses() throws Exception {
        int count = 5_000;
        Set<String> addresses = new HashSet<>();
        for (int i = 0; i < count; i++) {
            SandboxStatus pod = runtime.runSandbox(pod(i));
            addresses.add(pod.ip());
            runtime.startContainer(pod, container("exit:0@1s"));
        }
        assertEquals(count, addresses.size());
        assertEquals(count, host.liveContainers());
        time.advance(Duration.ofSeconds(1));
        assertEquals(0, host.liveContainers());
        runtime.purge();
        assertEquals(List.of(), runtime.list());
    }

    @Test
    void theSameCallsGiveTheSameIds() throws Exception {
        SandboxStatus here = runtime.runSandbox(pod(1));
        SandboxStatus there =
                new SimulatedRuntime(new SimulatedHost(time, Duration.ZERO), "node-1")
                        .runSandbox(pod(1));
        assertEquals(here, there);
    }

    private ContainerStatus only(SandboxStatus pod) {
        return runtime.pod(pod.podUid()).orElseThrow().containers().getFirst();
    }

    private static SandboxSpec pod(int n) {
        return new SandboxSpec(
                "uid-" + n, "default", "pod-" + n, "pod-" + n, new TreeMap<>(), false, List.of());
    }

    private static ContainerSpec container(String... command) {
        return new ContainerSpec(
                "main",
                0,
                "busybox",
                List.of(command),
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

    /** Stands still until it is moved; then runs what is due, in order. */
    private static final class ManualTimer implements Timer {
        private final PriorityQueue<Due> queue = new PriorityQueue<>();
        private Instant now = START;
        private long count;

        @Override
        public Instant now() {
            return now;
        }

        @Override
        public void after(Duration delay, Runnable task) {
            queue.add(new Due(now.plus(delay), count++, task));
        }

        void advance(Duration by) {
            Instant end = now.plus(by);
            for (Due due = queue.peek(); due != null && !due.at.isAfter(end); due = queue.peek()) {
                queue.remove();
                now = due.at;
                due.task.run();
            }
            now = end;
        }

        private record Due(Instant at, long order, Runnable task) implements Comparable<Due> {
            @Override
            public int compareTo(Due other) {
                int byTime = at.compareTo(other.at);
                return byTime != 0 ? byTime : Long.compare(order, other.order);
            }
        }
    }
}
