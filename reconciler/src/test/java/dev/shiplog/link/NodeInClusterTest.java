package dev.shiplog.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.event.NodeEvent;
import dev.shiplog.event.Recorded;
import dev.shiplog.event.ResourceEvent;
import dev.shiplog.event.Tags;
import dev.shiplog.journal.Cause;
import dev.shiplog.node.agent.LogsUnavailable;
import dev.shiplog.node.agent.NodeAgent;
import dev.shiplog.node.agent.NodeSessions;
import dev.shiplog.node.agent.SessionRefused;
import dev.shiplog.node.runtime.LogOptions;
import dev.shiplog.node.runtime.ObservedPod;
import dev.shiplog.node.runtime.PodConnection;
import dev.shiplog.node.runtime.PodRuntime;
import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.node.runtime.SandboxSpec;
import dev.shiplog.node.runtime.Terminal;
import dev.shiplog.node.runtime.simulated.Script;
import dev.shiplog.node.runtime.simulated.SimulatedHost;
import dev.shiplog.node.runtime.simulated.SimulatedRuntime;
import dev.shiplog.node.runtime.simulated.Timer;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.Uid;
import dev.shiplog.resource.Work;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** The ring from a command to a container and back, on a simulated machine. */
final class NodeInClusterTest {
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final SimulatedHost host =
            new SimulatedHost(Timer.real(timer), Duration.ZERO, Script::of);
    private final PodRuntime runtime = new SimulatedRuntime(host, "n1");
    private final TestCluster cluster = new TestCluster();
    private NodeAgent agent;

    NodeInClusterTest() throws Exception {
        agent = cluster.startNode(runtime);
    }

    @AfterEach
    void stopAll() {
        agent.close();
        cluster.close();
        timer.shutdownNow();
    }

    private static String spec(String... command) {
        return "{\"containers\":[{\"name\":\"web\",\"image\":\"busybox:1.37\",\"command\":[\""
                + String.join("\",\"", command)
                + "\"]}]}";
    }

    private List<ObservedPod> real() {
        try {
            return runtime.list();
        } catch (RuntimeFailure e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aPodComesUpAndGoes() {
        Resource pod = cluster.createPod("web", spec("run"));
        cluster.await("web is ready", () -> cluster.ready(pod.key()));
        assertEquals("Running", cluster.status(pod.key()).path("phase").asText());
        assertTrue(
                cluster.container(pod.key())
                        .path("containerID")
                        .asText()
                        .startsWith("simulated://"));
        cluster.delete(pod.key(), OptionalLong.empty());
        cluster.await("web is gone", () -> cluster.gone(pod.key(), pod.uid()));
        assertEquals(List.of(), real());
        cluster.await(
                "no order is open", () -> cluster.ledger.state().work(TestCluster.NODE).isEmpty());
    }

    @Test
    void everythingThatHappensLeadsBackToTheCommit() {
        Resource pod = cluster.createPod("web", spec("run"));
        cluster.createPod("other", spec("run"));
        cluster.await("web is ready", () -> cluster.ready(pod.key()));
        cluster.delete(pod.key(), OptionalLong.empty());
        cluster.await("web is gone", () -> cluster.gone(pod.key(), pod.uid()));
        List<Recorded> history =
                cluster.ledger.read(Position.ORIGIN, Optional.of(Tags.resource(pod.key())), 10_000);
        Recorded last = history.getLast();
        assertTrue(last.event() instanceof ResourceEvent.ResourceRemoved, last::toString);
        List<String> chain = new ArrayList<>();
        Cause cause = new Cause.At(last.position());
        while (cause instanceof Cause.At(Position at)) {
            Recorded event =
                    cluster.ledger
                            .read(new Position(at.value() - 1), Optional.empty(), 1)
                            .getFirst();
            chain.add(event.event().getClass().getSimpleName());
            assertEquals(
                    TestCluster.COMMIT,
                    event.origin().commit().orElseThrow().value(),
                    chain::toString);
            cause = event.origin().cause();
        }
        assertEquals(
                List.of("ResourceRemoved", "PodReported", "WorkOrdered", "DeletionRequested"),
                chain);
        history.stream()
                .filter(event -> event.event() instanceof NodeEvent.PodReported)
                .forEach(event -> {
                    Cause.At at = (Cause.At) event.origin().cause();
                    Recorded order =
                            cluster.ledger
                                    .read(
                                            new Position(at.position().value() - 1),
                                            Optional.empty(),
                                            1)
                                    .getFirst();
                    NodeEvent.WorkOrdered ordered = (NodeEvent.WorkOrdered) order.event();
                    assertEquals(pod.uid(), ordered.work().uid());
                });
    }

    @Test
    void aContainerIsAddedToAPodThatRunsStartedOnceAndLogged() throws Exception {
        Resource pod = cluster.createPod("web", spec("run"));
        cluster.await("web is ready", () -> cluster.ready(pod.key()));
        String before = cluster.container(pod.key()).path("containerID").asText();
        String bound = spec("run").replaceFirst("^\\{", "{\"nodeName\":\"n1\",");
        cluster.revise(
                pod.key(),
                bound.replaceFirst(
                        "\\}$",
                        ",\"ephemeralContainers\":[{\"name\":\"debugger\",\"image\":\"busybox:1.37\","
                                + "\"command\":[\"print:looked\",\"exit:3@50ms\"],"
                                + "\"targetContainerName\":\"web\"}]}"));
        cluster.await(
                "the debugger has ended",
                () -> cluster.ephemeral(pod.key()).path("state").has("terminated"));
        assertEquals(
                3,
                cluster.ephemeral(pod.key())
                        .path("state")
                        .path("terminated")
                        .path("exitCode")
                        .asInt());
        assertEquals(0, cluster.ephemeral(pod.key()).path("restartCount").asInt());
        assertEquals(before, cluster.container(pod.key()).path("containerID").asText());
        assertTrue(cluster.ready(pod.key()));
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        agent.logs(pod.key(), pod.uid(), "debugger", false, LogOptions.all(), log);
        assertEquals("looked\n", log.toString(StandardCharsets.UTF_8));
        assertEquals(
                1,
                cluster
                        .ledger
                        .read(Position.ORIGIN, Optional.of(Tags.resource(pod.key())), 10_000)
                        .stream()
                        .filter(event ->
                                event.event() instanceof NodeEvent.WorkOrdered ordered
                                        && ordered.work() instanceof Work.RevisePod)
                        .count());
        agent.close();
        agent = cluster.startNode(new SimulatedRuntime(host, "n1"));
        awaitSupervision(pod);
        assertEquals(2, real().getFirst().containers().size());
    }

    @Test
    void aClientTalksWithAPodThroughItsNode() throws Exception {
        Resource pod = cluster.createPod("web", spec("listen:8080", "cpu:250", "memory:64"));
        cluster.await("web is ready", () -> cluster.ready(pod.key()));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Terminal terminal =
                new Terminal(Optional.empty(), out, Optional.empty(), false, Terminal.Sizes.NONE);
        NodeSessions sessions = agent.sessions();
        assertEquals(
                3,
                sessions.exec(
                        pod.key(), pod.uid(), "web", List.of("print:hello", "exit:3"), terminal));
        assertEquals("hello\n", out.toString(StandardCharsets.UTF_8));
        try (PodConnection connection = sessions.connect(pod.key(), pod.uid(), 8080)) {
            connection.out().write('x');
            connection.endOutput();
            assertEquals('x', connection.in().read());
        }
        assertEquals(
                250_000_000L,
                Objects.requireNonNull(sessions.usage(pod.key(), pod.uid()).get("web"))
                        .cpuNanoCores());
        assertEquals(
                SessionRefused.Reason.NOT_FOUND,
                reason(() ->
                        sessions.exec(pod.key(), pod.uid(), "other", List.of("cat"), terminal)));
        assertEquals(
                SessionRefused.Reason.NOT_FOUND,
                reason(() ->
                        sessions.exec(
                                pod.key(), new Uid("another"), "web", List.of("cat"), terminal)));
        assertEquals(
                SessionRefused.Reason.NOT_STARTED,
                reason(() ->
                        sessions.exec(
                                pod.key(), pod.uid(), "web", List.of("nostart:no"), terminal)));
        assertEquals(
                SessionRefused.Reason.NOT_LISTENING,
                reason(() -> sessions.connect(pod.key(), pod.uid(), 8081)));
    }

    @Test
    void aNodeHasABoundedNumberOfSessions() throws Exception {
        Resource pod = cluster.createPod("web", spec("listen:8080"));
        cluster.await("web is ready", () -> cluster.ready(pod.key()));
        List<PodConnection> open = new ArrayList<>();
        for (int i = 0; i < NodeSessions.MOST_AT_ONCE; i++) {
            open.add(agent.sessions().connect(pod.key(), pod.uid(), 8080));
        }
        assertEquals(
                SessionRefused.Reason.TOO_MANY,
                reason(() -> agent.sessions().connect(pod.key(), pod.uid(), 8080)));
        open.getFirst().close();
        open.getFirst().close();
        open.set(0, agent.sessions().connect(pod.key(), pod.uid(), 8080));
        assertEquals(
                SessionRefused.Reason.TOO_MANY,
                reason(() -> agent.sessions().connect(pod.key(), pod.uid(), 8080)));
        for (PodConnection connection : open) {
            connection.close();
        }
    }

    private static SessionRefused.Reason reason(Executable call) {
        return assertThrows(SessionRefused.class, call).reason();
    }

    @Test
    void aContainerThatEndsIsRestartedAndHeldBack() {
        Resource pod = cluster.createPod("crash", spec("exit:3@50ms"));
        cluster.awaitContainer(
                "CrashLoopBackOff",
                pod.key(),
                c ->
                        c.path("state")
                                .path("waiting")
                                .path("reason")
                                .asText()
                                .equals("CrashLoopBackOff"));
        assertEquals(1, cluster.container(pod.key()).path("restartCount").asInt());
        assertEquals(
                3,
                cluster.container(pod.key())
                        .path("lastState")
                        .path("terminated")
                        .path("exitCode")
                        .asInt());
    }

    @Test
    void aRestartedNodeTakesUpWhatRunsAndRecordsNothing() throws Exception {
        Resource pod = cluster.createPod("web", spec("run"));
        cluster.await("web is ready", () -> cluster.ready(pod.key()));
        agent.close();
        List<ObservedPod> before = real();
        Position head = cluster.ledger.head();
        agent = cluster.startNode(new SimulatedRuntime(host, "n1"));
        awaitSupervision(pod);
        assertEquals(before, real());
        assertEquals(head, cluster.ledger.head());
        cluster.delete(pod.key(), OptionalLong.empty());
        cluster.await("web is gone", () -> cluster.gone(pod.key(), pod.uid()));
    }

    private void awaitSupervision(Resource pod) {
        cluster.await(
                "the new agent supervises " + pod,
                () -> {
                    try {
                        agent.logs(
                                pod.key(),
                                pod.uid(),
                                "web",
                                false,
                                LogOptions.all(),
                                new ByteArrayOutputStream());
                        return true;
                    } catch (LogsUnavailable e) {
                        return false;
                    } catch (RuntimeFailure e) {
                        throw new AssertionError(e);
                    }
                });
    }

    @Test
    void ordersGivenWhileTheNodeWasAwayAreCarriedOut() throws Exception {
        Resource stays = cluster.createPod("stays", spec("run"));
        Resource goes = cluster.createPod("goes", spec("run"));
        Resource forced = cluster.createPod("forced", spec("run"));
        for (Resource pod : List.of(stays, goes, forced)) {
            cluster.await(pod + " is ready", () -> cluster.ready(pod.key()));
        }
        agent.close();
        cluster.delete(goes.key(), OptionalLong.empty());
        cluster.delete(forced.key(), OptionalLong.of(0));
        Resource fresh = cluster.createPod("fresh", spec("run"));
        assertTrue(cluster.gone(forced.key(), forced.uid()));
        agent = cluster.startNode(new SimulatedRuntime(host, "n1"));
        cluster.await("fresh is ready", () -> cluster.ready(fresh.key()));
        cluster.await("goes is gone", () -> cluster.gone(goes.key(), goes.uid()));
        cluster.await("two pods run", () -> real().size() == 2);
        cluster.await(
                "no order is open", () -> cluster.ledger.state().work(TestCluster.NODE).isEmpty());
        assertTrue(cluster.ready(stays.key()));
    }

    @Test
    void whatTheClusterDoesNotKnowIsStoppedByARecordedOrder() throws Exception {
        agent.close();
        runtime.runSandbox(
                new SandboxSpec(
                        UUID.randomUUID().toString(),
                        "default",
                        "stranger",
                        "stranger",
                        Collections.emptySortedMap(),
                        false,
                        List.of()));
        agent = cluster.startNode(new SimulatedRuntime(host, "n1"));
        cluster.await("the stranger is gone", () -> real().isEmpty());
        cluster.await(
                "no order is open", () -> cluster.ledger.state().work(TestCluster.NODE).isEmpty());
        assertTrue(
                cluster
                        .ledger
                        .read(Position.ORIGIN, Optional.of(Tags.node(TestCluster.NODE)), 100)
                        .stream()
                        .anyMatch(event -> event.event() instanceof NodeEvent.WorkOrdered));
    }

    @Test
    void logsSayWhyThereAreNone() throws Exception {
        Resource pod = cluster.createPod("web", spec("print:hello", "run"));
        cluster.await("web is ready", () -> cluster.ready(pod.key()));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        agent.logs(pod.key(), pod.uid(), "web", false, LogOptions.all(), out);
        assertEquals("hello\n", out.toString(StandardCharsets.UTF_8));
        LogsUnavailable previous =
                assertThrows(
                        LogsUnavailable.class,
                        () -> agent.logs(pod.key(), pod.uid(), "web", true, LogOptions.all(), out));
        assertEquals(
                "previous terminated container \"web\" in pod \"web\" not found",
                previous.getMessage());
        LogsUnavailable other =
                assertThrows(
                        LogsUnavailable.class,
                        () -> agent.logs(pod.key(), pod.uid(), "db", false, LogOptions.all(), out));
        assertEquals("container db is not valid for pod web", other.getMessage());
    }

    @Test
    void twentyPodsComeUpAtOnce() {
        List<Resource> pods = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            pods.add(cluster.createPod("web-" + i, spec("run")));
        }
        cluster.await(
                "twenty are ready", () -> pods.stream().allMatch(pod -> cluster.ready(pod.key())));
        assertEquals(20, real().size());
    }
}
