package dev.shiplog.ledger;

import dev.shiplog.command.AccessCommand;
import dev.shiplog.command.Command;
import dev.shiplog.command.DeclaredResource;
import dev.shiplog.command.NodeCommand;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.command.SchedulerCommand;
import dev.shiplog.command.SourceCommand;
import dev.shiplog.event.Recorded;
import dev.shiplog.journal.Origin;
import dev.shiplog.resource.CommitId;
import dev.shiplog.resource.CommitInfo;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.NoteId;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.Propagation;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.SessionKind;
import dev.shiplog.resource.Work;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A small history in which every type of event happens at least once: a commit, its pods, a node, a
 * second commit, and a few mishaps.
 */
public final class SampleLog {
    public static final NodeName NODE = new NodeName("n1");
    private static final CommitId FIRST = new CommitId("1".repeat(40));
    private static final CommitId SECOND = new CommitId("2".repeat(40));
    private static final CommitId THIRD = new CommitId("3".repeat(40));
    private static final ResourceKey NAMESPACE = ResourceKey.namespace("web");
    private static final ResourceKey SITE =
            new ResourceKey(new GroupKind("", "ConfigMap"), "web", "site");
    private static final ResourceKey OLD =
            new ResourceKey(new GroupKind("", "ConfigMap"), "web", "old");
    private static final ResourceKey FRONT_SERVICE =
            new ResourceKey(GroupKind.SERVICE, "web", "front");
    private static final ResourceKey SOLO = ResourceKey.pod("web", "solo");
    private static final ResourceKey FRONT = new ResourceKey(GroupKind.REPLICA_SET, "web", "front");
    private static final Json POD =
            Json.parse("{\"spec\":{\"containers\":[{\"image\":\"busybox:1.37\",\"name\":\"c\"}]}}");

    private Instant now = Instant.parse("2026-11-23T10:00:00.000001Z");
    private final DirectLedger ledger = new DirectLedger(() -> now);

    private SampleLog() {}

    /** The whole history, the same every time. */
    public static List<Recorded> events() {
        SampleLog log = new SampleLog();
        log.begin();
        log.firstCommit();
        log.podsStart();
        log.secondCommit();
        log.mishaps();
        log.podStops();
        log.people();
        log.urgency();
        return log.ledger.read(Position.ORIGIN, Optional.empty(), Integer.MAX_VALUE);
    }

    private void begin() {
        apply("system:boot", Samples.registerSource());
        apply(
                "system:boot",
                new ResourceCommand.CreateResource(
                        ResourceKey.namespace("default"),
                        "v1",
                        labels("kubernetes.io/metadata.name", "default"),
                        none(),
                        Json.EMPTY));
        apply(
                "node:n1",
                new NodeCommand.RegisterNode(
                        NODE,
                        labels("kubernetes.io/hostname", "n1"),
                        Json.parse("{\"spec\":{}}"),
                        Json.parse("{\"allocatable\":{\"cpu\":\"2\"}}")));
    }

    private void firstCommit() {
        apply(
                "git:ann@example.org",
                commit(
                        FIRST,
                        Optional.empty(),
                        List.of(
                                declared(NAMESPACE, "v1", "{}"),
                                declared(
                                        SITE,
                                        "v1",
                                        "{\"data\":{\"title\":\"Zwölf \\\"Boote\\\"\"}}"),
                                declared(OLD, "v1", "{\"data\":{}}"),
                                declared(
                                        FRONT_SERVICE,
                                        "v1",
                                        "{\"spec\":{\"ports\":[{\"port\":80,\"protocol\":\"TCP\"}],"
                                                + "\"type\":\"NodePort\"}}"),
                                declared(SOLO, "v1", POD.toString()),
                                declared(FRONT, "apps/v1", "{\"spec\":{\"replicas\":2}}")),
                        List.of()));
        Resource front = live(FRONT);
        apply(
                "controller:replicaset",
                new ResourceCommand.CreateDependents(
                        "replicaset-controller",
                        FRONT,
                        front.uid(),
                        front.metadata().generation(),
                        0,
                        List.of(pod(), pod())));
    }

    private static ResourceCommand.Dependent pod() {
        return new ResourceCommand.Dependent(
                GroupKind.POD,
                "v1",
                Optional.empty(),
                labels("app", "front"),
                none(),
                List.of(),
                POD);
    }

    private void podsStart() {
        Resource pod = frontPods().getFirst();
        apply(
                "scheduler:default-scheduler",
                new SchedulerCommand.RejectPods(
                        "default-scheduler",
                        List.of(
                                new SchedulerCommand.Rejection(
                                        pod.key(),
                                        pod.uid(),
                                        new TreeMap<>(Map.of("node(s) were busy", 1)),
                                        "0/1 nodes are available: 1 node(s) were busy."))));
        apply(
                "scheduler:default-scheduler",
                new SchedulerCommand.BindPods(
                        "default-scheduler",
                        frontPods().stream()
                                .map(p ->
                                        new SchedulerCommand.Binding(p.key(), p.uid(), NODE, 1, 75))
                                .toList()));
        apply(
                "node:n1",
                new NodeCommand.OrderWork(NODE, List.of(new Work.RunPod(pod.key(), pod.uid()))));
        apply(
                "node:n1",
                new NodeCommand.ReportPods(
                        NODE,
                        List.of(
                                new NodeCommand.PodReport(
                                        pod.key(),
                                        pod.uid(),
                                        Json.parse("{\"phase\":\"Running\"}"),
                                        false)),
                        List.copyOf(ledger.state().work(NODE).keySet()),
                        List.of(
                                ResourceCommand.Note.normal(
                                        pod.key(),
                                        pod.uid(),
                                        "Started",
                                        "Started container c",
                                        "kubelet"),
                                new ResourceCommand.Note(
                                                pod.key(),
                                                pod.uid(),
                                                true,
                                                "Unhealthy",
                                                "Readiness probe failed",
                                                "kubelet",
                                                "")
                                        .on(NODE)
                                        .sentAs(new NoteId("1x9f", 7, 2)))));
    }

    private void secondCommit() {
        apply(
                "git:ben@example.org",
                commit(
                        SECOND,
                        Optional.of(FIRST),
                        List.of(
                                declared(SITE, "v1", "{\"data\":{\"title\":\"Boote\"}}"),
                                declared(
                                        SOLO,
                                        "v1",
                                        "{\"spec\":{\"containers\":[{\"image\":\"busybox:1.36\","
                                                + "\"name\":\"c\"}]}}")),
                        List.of(OLD)));
        apply("controller:declarations", new ResourceCommand.RealizeDeclaration(SOLO));
        Resource front = live(FRONT);
        apply(
                "controller:deployment",
                new ResourceCommand.ReviseResource(
                        FRONT,
                        front.uid(),
                        front.metadata().generation(),
                        Json.parse("{\"spec\":{\"replicas\":1}}"),
                        Optional.of(labels("revision", "2")),
                        List.of()));
        apply(
                "controller:replicaset",
                new ResourceCommand.UpdateStatus(
                        FRONT, front.uid(), Json.parse("{\"replicas\":2}")));
    }

    private void mishaps() {
        apply(
                "git:eve@example.org",
                new SourceCommand.HoldCommit(
                        Samples.SOURCE,
                        THIRD,
                        "InvalidManifest",
                        "web.yaml:3: expected a mapping"));
        apply(
                "system:source",
                new SourceCommand.ReportSourceFailure(
                        Samples.SOURCE, "Unreachable", "connection refused"));
        apply("system:source", new SourceCommand.ReportSourceRecovery(Samples.SOURCE));
    }

    private void podStops() {
        Resource pod = frontPods().getFirst();
        apply(
                "user:ann",
                new ResourceCommand.DeleteResource(
                        pod.key(),
                        Optional.of(pod.uid()),
                        OptionalLong.of(5),
                        Propagation.BACKGROUND,
                        List.of()));
        apply(
                "node:n1",
                new NodeCommand.OrderWork(
                        NODE, List.of(new Work.StopPod(pod.key(), pod.uid(), 5))));
        apply(
                "node:n1",
                new NodeCommand.ReportPods(
                        NODE,
                        List.of(
                                new NodeCommand.PodReport(
                                        pod.key(),
                                        pod.uid(),
                                        Json.parse("{\"phase\":\"Succeeded\"}"),
                                        true)),
                        List.of(),
                        List.of()));
        apply(
                "user:ann",
                new ResourceCommand.DeleteResource(
                        NAMESPACE,
                        Optional.empty(),
                        OptionalLong.empty(),
                        Propagation.FOREGROUND,
                        List.of()));
    }

    private void people() {
        Resource pod = frontPods().getLast();
        apply(
                "user:bob",
                new AccessCommand.RecordRefusal(
                        "bob", "192.0.2.7", "get", "secrets", "User \"bob\" cannot get", 3));
        apply(
                "user:ann",
                new AccessCommand.OpenSession(
                        "ann",
                        "192.0.2.8",
                        "session-1",
                        SessionKind.EXEC,
                        pod.key(),
                        pod.uid(),
                        "c",
                        List.of("sh", "-c", "date")));
        apply(
                "user:ann",
                new AccessCommand.CloseSession(
                        "ann", "session-1", pod.key(), pod.uid(), "exit code 0"));
    }

    /** A pod drives out another, and an autoscaler scales. */
    private void urgency() {
        ResourceKey humble = ResourceKey.pod("default", "humble");
        ResourceKey urgent = ResourceKey.pod("default", "urgent");
        create(new ResourceKey(GroupKind.PRIORITY_CLASS, "", "high"), "{\"value\":1000}");
        create(humble, POD.toString());
        apply(
                "scheduler:default-scheduler",
                new SchedulerCommand.BindPods(
                        "default-scheduler",
                        List.of(
                                new SchedulerCommand.Binding(
                                        humble, live(humble).uid(), NODE, 1, 75))));
        apply(
                "git:ann@example.org",
                commit(
                        THIRD,
                        Optional.of(SECOND),
                        List.of(
                                declared(
                                        urgent,
                                        "v1",
                                        "{\"spec\":{\"containers\":[{\"image\":\"busybox:1.37\","
                                                + "\"name\":\"c\"}],"
                                                + "\"priorityClassName\":\"high\"}}")),
                        List.of()));
        apply(
                "scheduler:default-scheduler",
                new SchedulerCommand.PreemptPods(
                        "default-scheduler",
                        List.of(
                                new SchedulerCommand.Preemption(
                                        urgent,
                                        live(urgent).uid(),
                                        NODE,
                                        List.of(
                                                new SchedulerCommand.Victim(
                                                        humble, live(humble).uid()))))));
        apply(
                "scheduler:default-scheduler",
                new SchedulerCommand.WithdrawNominations("default-scheduler", List.of(urgent)));
        ResourceKey web = new ResourceKey(GroupKind.REPLICA_SET, "default", "scaled");
        ResourceKey autoscaler = new ResourceKey(GroupKind.AUTOSCALER, "default", "scaled");
        create(web, "{\"spec\":{\"replicas\":1}}");
        create(autoscaler, "{\"spec\":{\"maxReplicas\":5}}");
        apply(
                "controller:horizontal-pod-autoscaler",
                new ResourceCommand.ScaleResource(
                        autoscaler,
                        live(autoscaler).uid(),
                        web,
                        live(web).uid(),
                        1,
                        3,
                        "cpu resource utilization (percentage of request) above target"));
    }

    private void create(ResourceKey key, String body) {
        apply(
                "user:ann",
                new ResourceCommand.CreateResource(key, "v1", none(), none(), Json.parse(body)));
    }

    private List<Resource> frontPods() {
        return ledger.state().dependents(live(FRONT).uid()).stream().map(this::live).toList();
    }

    private Resource live(ResourceKey key) {
        return ledger.state().resource(key).orElseThrow();
    }

    private void apply(String actor, Command command) {
        now = now.plusMillis(1_500);
        Outcome outcome =
                ledger.submit(command, Origin.request(actor, "request-" + ledger.head())).join();
        if (!(outcome instanceof Outcome.Applied)) {
            throw new IllegalStateException("expected events of " + command + ", found " + outcome);
        }
    }

    private static Command commit(
            CommitId id,
            Optional<CommitId> previous,
            List<DeclaredResource> declared,
            List<ResourceKey> withdrawn) {
        return new SourceCommand.ApplyCommit(
                Samples.SOURCE,
                id,
                previous,
                new CommitInfo(
                        "Ann",
                        "ann@example.org",
                        Instant.parse("2026-11-23T09:59:00Z"),
                        "Say what\n\nand why\n"),
                "user:ann",
                declared,
                withdrawn,
                false);
    }

    private static DeclaredResource declared(ResourceKey key, String apiVersion, String body) {
        return new DeclaredResource(
                "web.yaml", 1, key, apiVersion, none(), none(), Json.parse(body));
    }

    private static SortedMap<String, String> none() {
        return new TreeMap<>();
    }

    private static SortedMap<String, String> labels(String name, String value) {
        return new TreeMap<>(Map.of(name, value));
    }
}
