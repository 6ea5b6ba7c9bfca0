package dev.shiplog.api.server;

import dev.shiplog.api.Authorizer;
import dev.shiplog.api.PodLogs;
import dev.shiplog.api.Route;
import dev.shiplog.api.beside.BesideStore;
import dev.shiplog.api.stream.Streams;
import dev.shiplog.api.tls.AdminToken;
import dev.shiplog.api.tls.Kubeconfig;
import dev.shiplog.api.tls.TlsFiles;
import dev.shiplog.command.Command;
import dev.shiplog.command.DeclaredResource;
import dev.shiplog.command.NodeCommand;
import dev.shiplog.command.ResourceCommand;
import dev.shiplog.command.SchedulerCommand;
import dev.shiplog.command.SourceCommand;
import dev.shiplog.journal.Origin;
import dev.shiplog.ledger.DirectLedger;
import dev.shiplog.ledger.Outcome;
import dev.shiplog.resource.CommitId;
import dev.shiplog.resource.CommitInfo;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.SourceName;
import dev.shiplog.resource.secret.Keyring;
import dev.shiplog.resource.secret.SealingKey;
import dev.shiplog.resource.secret.SecretDocuments;
import dev.shiplog.source.GitService;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * A small cluster behind a real API server: one node, a declared Deployment {@code shop/web} with a
 * ReplicaSet and two pods, one running and one pending, and a bare pod {@code default/lone}.
 */
final class TestCluster implements AutoCloseable {
    static final Instant BEGAN = Instant.parse("2099-05-01T12:00:00Z");
    static final NodeName NODE = new NodeName("n1");

    private static final SortedMap<String, String> NONE = Collections.emptySortedMap();
    private static final SourceName SOURCE = new SourceName("cluster");

    volatile Instant now = BEGAN;
    final DirectLedger ledger = new DirectLedger(() -> this.now);
    final Keyring keys = new Keyring(SealingKey.generate(), List.of());
    final SecretDocuments secrets = new SecretDocuments(() -> this.keys);
    final LedgerDeclarations declarations = new LedgerDeclarations(ledger, SOURCE, () -> this.now);
    final BesideStore beside = new BesideStore(() -> this.now);
    final TlsFiles tls;
    final Path folder;
    final ApiServer server;
    private final PodLogs logs;
    private final Streams streams;
    private final List<Route> routes;
    private final Optional<GitService> git;

    private TestCluster(
            Path folder,
            PodLogs logs,
            Streams streams,
            List<Route> routes,
            Optional<GitService> git)
            throws IOException {
        this.streams = streams;
        this.folder = folder;
        this.tls = TlsFiles.open(folder.resolve("tls"), List.of(), Instant.now());
        this.logs = logs;
        this.routes = routes;
        this.git = git;
        this.server = ApiServer.start(config());
        Kubeconfig.write(folder.resolve("kubeconfig"), "test", url(), tls);
    }

    /** What the server runs with; another one on the same ledger gets another port. */
    ApiConfig config() throws IOException {
        return new ApiConfig(
                ledger,
                InetAddress.getLoopbackAddress(),
                0,
                tls,
                Optional.of(AdminToken.open(folder.resolve("token"))),
                Authorizer.masters(),
                logs,
                streams,
                declarations,
                git,
                routes,
                () -> now,
                secrets,
                beside,
                Duration.ofSeconds(2));
    }

    /** Nothing in it. */
    static TestCluster empty(
            Path folder, PodLogs logs, List<Route> routes, Optional<GitService> git)
            throws IOException {
        return new TestCluster(folder, logs, Streams.of(new FakeContainers()), routes, git);
    }

    /** With everything that the class comment names. */
    static TestCluster populated(Path folder, PodLogs logs) throws IOException {
        return populated(folder, logs, Streams.of(new FakeContainers()));
    }

    /** The same, with sessions into its pods. */
    static TestCluster populated(Path folder, PodLogs logs, Streams streams) throws IOException {
        TestCluster cluster = new TestCluster(folder, logs, streams, List.of(), Optional.empty());
        cluster.populate();
        return cluster;
    }

    String url() {
        return "https://127.0.0.1:" + server.address().getPort();
    }

    /** Submits a command, which must hold. */
    void submit(Command command) {
        try {
            Outcome outcome =
                    ledger.submit(command, Origin.request("system:test", "test"))
                            .get(10, TimeUnit.SECONDS);
            if (outcome instanceof Outcome.Refused refused) {
                throw new AssertionError(command + " was refused: " + refused);
            }
        } catch (Exception e) {
            throw new AssertionError(command.toString(), e);
        }
    }

    void createNamespace(String name) {
        submit(
                new ResourceCommand.CreateResource(
                        ResourceKey.namespace(name), "v1", NONE, NONE, Json.EMPTY));
    }

    void createPod(String namespace, String name, Map<String, String> labels) {
        submit(
                new ResourceCommand.CreateResource(
                        ResourceKey.pod(namespace, name),
                        "v1",
                        new TreeMap<>(labels),
                        NONE,
                        podBody("main")));
    }

    static Json podBody(String... containers) {
        List<String> all = new ArrayList<>();
        for (String container : containers) {
            all.add(
                    "{\"name\":\"%s\",\"image\":\"busybox:1.37\",\"command\":[\"sleep\",\"1d\"]}"
                            .formatted(container));
        }
        return Json.parse(
                "{\"spec\":{\"restartPolicy\":\"Always\",\"containers\":["
                        + String.join(",", all)
                        + "]}}");
    }

    Resource resource(ResourceKey key) {
        return ledger.state().resource(key).orElseThrow();
    }

    void bind(ResourceKey pod) {
        submit(
                new SchedulerCommand.BindPods(
                        "default-scheduler",
                        List.of(
                                new SchedulerCommand.Binding(
                                        pod, resource(pod).uid(), NODE, 1, 50))));
    }

    void report(ResourceKey pod, String status, boolean stopped) {
        submit(
                new NodeCommand.ReportPods(
                        NODE,
                        List.of(
                                new NodeCommand.PodReport(
                                        pod, resource(pod).uid(), Json.parse(status), stopped)),
                        List.of(),
                        List.of()));
    }

    /** The status of a pod whose one container runs. */
    static String running(String container) {
        return """
        {"phase":"Running","podIP":"10.244.0.5","hostIP":"192.0.2.1",
         "startTime":"2099-05-01T12:00:00Z",
         "conditions":[{"type":"PodScheduled","status":"True"},
                       {"type":"Ready","status":"True"}],
         "containerStatuses":[{"name":"%s","ready":true,"restartCount":0,
           "image":"busybox:1.37","imageID":"sha256:1","containerID":"docker://1","started":true,
           "state":{"running":{"startedAt":"2099-05-01T12:00:00Z"}}}]}
        """
                .formatted(container);
    }

    void removePod(ResourceKey pod) {
        submit(
                new ResourceCommand.DeleteResource(
                        pod,
                        Optional.empty(),
                        java.util.OptionalLong.of(0),
                        dev.shiplog.resource.Propagation.BACKGROUND,
                        List.of()));
    }

    private void populate() {
        createNamespace("default");
        submit(new SourceCommand.RegisterSource(SOURCE, "file:///repo", "main", "", true));
        submit(
                new SourceCommand.ApplyCommit(
                        SOURCE,
                        new CommitId("1".repeat(40)),
                        Optional.empty(),
                        new CommitInfo("Ann", "ann@example.org", BEGAN, "Add the shop"),
                        "admin",
                        List.of(
                                declared(GroupKind.NAMESPACE, "", "shop", "v1", "{}"),
                                declared(
                                        GroupKind.DEPLOYMENT,
                                        "shop",
                                        "web",
                                        "apps/v1",
                                        DEPLOYMENT)),
                        List.of(),
                        false));
        submit(
                new NodeCommand.RegisterNode(
                        NODE,
                        new TreeMap<>(Map.of("kubernetes.io/hostname", "n1")),
                        Json.parse("{\"spec\":{\"podCIDR\":\"10.42.0.0/24\"}}"),
                        Json.parse(NODE_STATUS)));
        ResourceKey deployment = new ResourceKey(GroupKind.DEPLOYMENT, "shop", "web");
        createDependents(
                deployment, GroupKind.REPLICA_SET, "apps/v1", Json.parse(DEPLOYMENT), "web-5d4f8");
        ResourceKey replicaSet = new ResourceKey(GroupKind.REPLICA_SET, "shop", "web-5d4f8");
        createDependents(
                replicaSet, GroupKind.POD, "v1", podBody("web"), "web-5d4f8-a", "web-5d4f8-b");
        ResourceKey first = ResourceKey.pod("shop", "web-5d4f8-a");
        bind(first);
        report(first, running("web"), false);
        createPod("default", "lone", Map.of("app", "lone", "env", "prod"));
        now = BEGAN.plusSeconds(200);
    }

    private void createDependents(
            ResourceKey owner, GroupKind kind, String apiVersion, Json body, String... names) {
        List<ResourceCommand.Dependent> dependents = new ArrayList<>();
        for (String name : names) {
            dependents.add(
                    new ResourceCommand.Dependent(
                            kind,
                            apiVersion,
                            Optional.of(name),
                            new TreeMap<>(Map.of("app", "web")),
                            NONE,
                            List.of(),
                            body));
        }
        submit(
                new ResourceCommand.CreateDependents(
                        "test-controller", owner, resource(owner).uid(), 1, 0, dependents));
    }

    private static DeclaredResource declared(
            GroupKind kind, String namespace, String name, String apiVersion, String body) {
        return new DeclaredResource(
                "web.yaml",
                1,
                new ResourceKey(kind, namespace, name),
                apiVersion,
                new TreeMap<>(Map.of("app", name)),
                NONE,
                Json.parse(body));
    }

    private static final String DEPLOYMENT =
            """
            {"spec":{"replicas":2,"selector":{"matchLabels":{"app":"web"}},
             "strategy":{"type":"RollingUpdate","rollingUpdate":{"maxSurge":1,"maxUnavailable":0}},
             "template":{"metadata":{"labels":{"app":"web"}},
              "spec":{"containers":[{"name":"web","image":"busybox:1.37"}]}}}}
            """;

    private static final String NODE_STATUS =
            """
            {"capacity":{"cpu":"2","memory":"4Gi","pods":"110"},
             "allocatable":{"cpu":"2","memory":"4Gi","pods":"110"},
             "addresses":[{"type":"InternalIP","address":"192.0.2.1"},
                          {"type":"Hostname","address":"n1"}],
             "conditions":[{"type":"Ready","status":"True","reason":"NodeReady",
               "message":"ready","lastHeartbeatTime":"2099-05-01T12:00:00Z",
               "lastTransitionTime":"2099-05-01T12:00:00Z"}],
             "nodeInfo":{"kubeletVersion":"v1.34.0+shiplog","osImage":"Debian GNU/Linux 12",
               "kernelVersion":"6.1.0","containerRuntimeVersion":"docker://20.10",
               "architecture":"amd64","operatingSystem":"linux","machineID":"m","systemUUID":"u",
               "bootID":"b","kubeProxyVersion":""}}
            """;

    @Override
    public void close() {
        server.close();
        ledger.close();
    }
}
