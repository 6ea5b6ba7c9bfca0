package dev.shiplog.decide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shiplog.command.Command;
import dev.shiplog.command.NodeCommand;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.command.SchedulerCommand;
import dev.shiplog.command.SourceCommand;
import dev.shiplog.event.Event;
import dev.shiplog.event.Recorded;
import dev.shiplog.journal.Origin;
import dev.shiplog.ledger.SampleLog;
import dev.shiplog.ledger.Samples;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.Propagation;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;
import dev.shiplog.resource.Work;
import dev.shiplog.state.ClusterState;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Tables: a command on the end of the sample log, and what becomes of it. In that log namespace
 * {@code web} is being deleted, pod {@code front-bbbbp} runs on n1 and pod {@code solo} waits.
 */
class DeciderTest {
    private static final Instant NOW = Instant.parse("2026-11-23T11:00:00Z");
    private static final ClusterState STATE = ClusterState.EMPTY.evolve(SampleLog.events());
    private static final ResourceKey BOUND = ResourceKey.pod("web", "front-bbbbp");
    private static final ResourceKey SOLO = ResourceKey.pod("web", "solo");
    private static final ResourceKey FRONT = new ResourceKey(GroupKind.REPLICA_SET, "web", "front");
    private static final ResourceKey NOBODY = ResourceKey.pod("web", "nobody");

    private record Row(String expected, Command command) {}

    @Test
    void transitions() {
        for (Row row :
                List.of(
                        row("ALREADY_EXISTS", create("Namespace/default")),
                        row("ResourceCreated", create("Namespace/other")),
                        row("NOT_FOUND", delete(NOBODY)),
                        row("FORBIDDEN", delete(ResourceKey.namespace("default"))),
                        row("DeletionRequested", delete(BOUND)),
                        row("DeletionRequested ResourceRemoved", delete(SOLO)),
                        row("ResourceRemoved", delete(FRONT)),
                        row("STALE", deleteOther(SOLO)),
                        row("UNCHANGED", status(FRONT, "{\"replicas\":2}")),
                        row("StatusChanged", status(FRONT, "{\"replicas\":1}")),
                        row("NOT_FOUND", status(NOBODY, "{}")),
                        row("STALE", revise(7)),
                        row("ResourceRevised", revise(2)),
                        row("FORBIDDEN", dependents()),
                        row("PodBound", bind(SOLO, "n1")),
                        row("UNCHANGED", bind(SOLO, "n2")),
                        row("UNCHANGED", bind(BOUND, "n1")),
                        row("UNCHANGED", bind(NOBODY, "n1")),
                        row("PodUnschedulable", reject(SOLO)),
                        row("UNCHANGED", reject(BOUND)),
                        row("UNCHANGED", order(new Work.StopPod(SOLO, uid(SOLO), 1))),
                        row("WorkOrdered", order(new Work.RunPod(SOLO, uid(SOLO)))),
                        row("WorkOrdered", order(new Work.StopPod(NOBODY, new Uid("x"), 1))),
                        row("FORBIDDEN", new ResourceCommand.RemoveResource(SOLO, uid(SOLO))),
                        row("ALREADY_EXISTS", new ResourceCommand.RealizeDeclaration(SOLO)),
                        row("UNCHANGED", Samples.registerSource()),
                        row("STALE", Samples.firstCommit()),
                        row("UNCHANGED", new SourceCommand.ReportSourceRecovery(Samples.SOURCE)),
                        row(
                                "SourceFailed",
                                new SourceCommand.ReportSourceFailure(
                                        Samples.SOURCE, "Unreachable", "no route")))) {
            assertEquals(row.expected(), outcome(row.command()), row.command()::toString);
        }
    }

    @Test
    void whatWasDecidedIsRefusedOnTheStateAfterIt() {
        for (Command command :
                List.of(
                        create("Namespace/other"),
                        delete(BOUND),
                        delete(SOLO),
                        status(FRONT, "{\"replicas\":1}"),
                        revise(2),
                        bind(SOLO, "n1"),
                        reject(SOLO),
                        order(new Work.RunPod(SOLO, uid(SOLO))))) {
            ClusterState after = STATE.evolve(recorded(decide(STATE, command)));
            assertTrue(
                    decide(after, command) instanceof Decision.Refused,
                    () -> "decided twice: " + command);
        }
    }

    @Test
    void suffixesUseTheAlphabetOfKubernetes() {
        RandomIds ids = new RandomIds(new java.util.Random(1));
        for (int i = 0; i < 100; i++) {
            assertTrue(ids.suffix(5).matches("[bcdfghjklmnpqrstvwxz2456789]{5}"));
            java.util.UUID uid = java.util.UUID.fromString(ids.uid().value());
            assertEquals(4, uid.version());
            assertEquals(2, uid.variant());
        }
    }

    private static Row row(String expected, Command command) {
        return new Row(expected, command);
    }

    private static String outcome(Command command) {
        return switch (decide(STATE, command)) {
            case Decision.Refused refused -> refused.reason().toString();
            case Decision.Accepted accepted ->
                    accepted.events().stream()
                            .map(one -> one.event().getClass().getSimpleName())
                            .collect(Collectors.joining(" "));
        };
    }

    private static Decision decide(ClusterState state, Command command) {
        return Decider.decide(state, command, NOW, new CountingIds());
    }

    private static List<Recorded> recorded(Decision decision) {
        List<Recorded> events = new ArrayList<>();
        if (decision instanceof Decision.Accepted(List<Decision.Proposed> proposed)) {
            for (Decision.Proposed one : proposed) {
                Event event = one.event();
                events.add(
                        new Recorded(
                                STATE.position().plus(1L + events.size()),
                                NOW,
                                Origin.request("user:test", "r"),
                                event));
            }
        }
        return events;
    }

    private static Uid uid(ResourceKey key) {
        return STATE.resource(key).map(Resource::uid).orElse(new Uid("absent"));
    }

    private static Command create(String key) {
        return new ResourceCommand.CreateResource(
                ResourceKey.parse(key), "v1", new TreeMap<>(), new TreeMap<>(), Json.EMPTY);
    }

    private static Command delete(ResourceKey key) {
        return new ResourceCommand.DeleteResource(
                key, Optional.empty(), OptionalLong.empty(), Propagation.BACKGROUND, List.of());
    }

    private static Command deleteOther(ResourceKey key) {
        return new ResourceCommand.DeleteResource(
                key,
                Optional.of(new Uid("another")),
                OptionalLong.empty(),
                Propagation.BACKGROUND,
                List.of());
    }

    private static Command status(ResourceKey key, String status) {
        return new ResourceCommand.UpdateStatus(key, uid(key), Json.parse(status));
    }

    private static Command revise(long generation) {
        return new ResourceCommand.ReviseResource(
                FRONT,
                uid(FRONT),
                generation,
                Json.parse("{\"spec\":{\"replicas\":9}}"),
                Optional.empty(),
                List.of());
    }

    private static Command dependents() {
        return new ResourceCommand.CreateDependents(
                "replicaset-controller", FRONT, uid(FRONT), 2, 1, List.of());
    }

    private static Command bind(ResourceKey pod, String node) {
        return new SchedulerCommand.BindPods(
                "default-scheduler",
                List.of(new SchedulerCommand.Binding(pod, uid(pod), new NodeName(node), 1, 1)));
    }

    private static Command reject(ResourceKey pod) {
        return new SchedulerCommand.RejectPods(
                "default-scheduler",
                List.of(
                        new SchedulerCommand.Rejection(
                                pod, uid(pod), new TreeMap<>(), "0/1 nodes are available")));
    }

    private static Command order(Work work) {
        return new NodeCommand.OrderWork(SampleLog.NODE, List.of(work));
    }
}
