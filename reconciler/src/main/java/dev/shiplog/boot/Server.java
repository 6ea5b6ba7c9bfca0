package dev.shiplog.boot;

import dev.shiplog.api.Headroom;
import dev.shiplog.api.Route;
import dev.shiplog.api.StreamLimits;
import dev.shiplog.api.auth.Access;
import dev.shiplog.api.beside.BesideStore;
import dev.shiplog.api.certificates.CertificateSigners;
import dev.shiplog.api.dashboard.Dashboard;
import dev.shiplog.api.server.ApiConfig;
import dev.shiplog.api.server.ApiServer;
import dev.shiplog.api.server.Doorway;
import dev.shiplog.api.stream.Streams;
import dev.shiplog.api.tls.AdminToken;
import dev.shiplog.api.tls.CertificateAuthority;
import dev.shiplog.api.tls.Kubeconfig;
import dev.shiplog.api.tls.TlsFiles;
import dev.shiplog.autoscaler.Autoscaling;
import dev.shiplog.autoscaler.SampledUsage;
import dev.shiplog.decide.Ids;
import dev.shiplog.decide.RandomIds;
import dev.shiplog.journal.Journal;
import dev.shiplog.journal.JournalFailure;
import dev.shiplog.journal.axon.AxonLedger;
import dev.shiplog.journal.sqlite.SqliteJournal;
import dev.shiplog.ledger.Ledger;
import dev.shiplog.link.LedgerClusterView;
import dev.shiplog.link.LedgerControlPlane;
import dev.shiplog.link.NodeMonitor;
import dev.shiplog.link.remote.NodeLinks;
import dev.shiplog.loop.Controllers;
import dev.shiplog.loop.Loop;
import dev.shiplog.loop.QuartzDueTimes;
import dev.shiplog.node.agent.Machine;
import dev.shiplog.node.agent.NodeAgent;
import dev.shiplog.node.agent.NodeSettings;
import dev.shiplog.node.link.ClusterView;
import dev.shiplog.node.network.ingress.ProxyKind;
import dev.shiplog.node.runtime.PodRuntime;
import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.ServiceRanges;
import dev.shiplog.resource.secret.SecretDocuments;

import java.io.IOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A cluster in one process: ledger, sources, controllers, API server and one node, wired together.
 * Everything that it opens it closes, in the opposite order; pods keep running.
 */
public final class Server implements AutoCloseable {
    /** The name of the node that runs in this process. */
    static final String NODE = "node-1";

    private static final Logger LOG = Logger.getLogger(Server.class.getName());

    /** What closing may take; less than the patience of {@code shiplog stop}. */
    private static final long CLOSE_MILLIS = 25_000;

    private static final long EARLY_SECONDS = 60;

    /** How often an issuer of tokens is looked for that did not answer yet. */
    private static final Duration ISSUER_APART = Duration.ofSeconds(30);

    private final Profile profile;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    /** What takes longer to close is told: somebody waits for it. */
    private static final long LONG_CLOSE_MILLIS = 100;

    private final CountDownLatch end = new CountDownLatch(1);
    private volatile int exitCode;

    private Server(Profile profile) {
        this.profile = profile;
    }

    /**
     * Starts a cluster and returns once it answers.
     *
     * @throws IllegalArgumentException if the settings cannot be met here; the message says why and
     *     what to do
     */
    public static Server start(Profile profile, Settings settings)
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        Server server = new Server(profile);
        try {
            server.open(settings);
            return server;
        } catch (Throwable failure) {
            server.close();
            throw failure;
        }
    }

    private void open(Settings settings)
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        InstantSource clock = InstantSource.system();
        Host.swapWarning().ifPresent(LOG::warning);
        ListenAddress listen = ListenAddress.of(settings.listen());
        NodeTimes nodeTimes = NodeTimes.read(profile);
        ProxyKind proxy = NodeServices.proxy(settings);
        // Several ask for it at a time.
        ClusterId.ensure(profile.clusterIdFile());
        ChosenRange ranges = ChosenRange.of(profile, settings);
        ServiceRanges services = ranges.services();
        // Beside the log, in the order in which it is needed: a machine of two cores has no more to
        // give, and the door is what others wait for.
        ExecutorService early =
                Executors.newSingleThreadExecutor(
                        Thread.ofPlatform().daemon().name("early").factory());
        closing(early::shutdownNow);
        Future<TlsFiles> tlsSoon =
                early.submit(() ->
                        TlsFiles.open(profile.tls(), names(listen, services), clock.instant()));
        Future<Doorway> doorwaySoon =
                early.submit(() -> {
                    TlsFiles identity = got(tlsSoon);
                    return Ports.open(
                            settings.port(),
                            profile.port(),
                            port ->
                                    Doorway.open(
                                            listen.bind(),
                                            port,
                                            identity,
                                            ApiConfig.WRITE_STALL,
                                            StreamLimits.DEFAULT));
                });
        Future<Runtimes.Opened> runtimeSoon =
                early.submit(() -> Runtimes.open(profile, settings.runtime(), NODE));
        Future<Machine> machineSoon = early.submit(() -> Machine.here(profile.folder()));
        closing(() -> {
            if (doorwaySoon.state() != Future.State.FAILED) {
                got(doorwaySoon).close();
            }
        });

        Ids ids = new RandomIds(new SecureRandom());
        Journal journal = closing(SqliteJournal.open(profile.log()));
        journal.whenStopped(this::logStopped);
        AxonLedger ledger = closing(AxonLedger.open(journal, clock::instant, ids));
        Bootstrap.ensure(ledger, ranges);
        Bootstrap.pool(ledger, settings.network().pool());
        ClusterAccess access = closing(ClusterAccess.open(profile, settings, ledger, clock));
        SecretDocuments secrets = new SecretDocuments(SealingKeys.open(profile.secrets()));
        Sources sources = closing(Sources.open(profile, settings, ledger, secrets, clock));

        int port = got(doorwaySoon).address().getPort();
        String address = "https://" + listen.local() + ":" + port;
        Activity activity = new Activity();
        StatusReport report = new StatusReport(profile, settings.writes(), ledger::state, activity);
        AgentLogs logs = new AgentLogs();
        AgentSessions sessions = new AgentSessions();
        BesideStore beside = new BesideStore(clock::instant);
        TlsFiles tls = got(tlsSoon);
        Bootstrap.publish(ledger, Files.readString(tls.authorityFile()));
        LedgerControlPlane controlPlane =
                new LedgerControlPlane(
                        ledger,
                        secrets,
                        new BoundTokens(access.accounts(), ledger::state),
                        found -> beside.renew(found.value()),
                        () -> ids.uid().value());
        ClusterView view = new LedgerClusterView(ledger, secrets);
        NodeLinks links = new NodeLinks(controlPlane, view, ledger::state, access.guard(), clock);
        SessionsByNode everywhere = new SessionsByNode(NODE, sessions, logs, links.sessions());
        JoinRoutes joining =
                new JoinRoutes(
                        access.bootstrap(),
                        tls.authority().certificate(),
                        "https://" + listen.reachable() + ":" + port);
        closing(
                ApiServer.start(
                        new ApiConfig(
                                ledger,
                                listen.bind(),
                                port,
                                tls,
                                Optional.of(AdminToken.open(profile.token())),
                                access.authorizer(),
                                everywhere,
                                new Streams(everywhere, access.journal(), StreamLimits.DEFAULT),
                                sources.declarations(),
                                sources.served(),
                                routes(
                                        new ClusterRoutes(report, ledger, journal, sources, access),
                                        joining,
                                        links,
                                        dashboard(ledger, access, report, clock)),
                                clock::instant,
                                secrets,
                                beside,
                                ApiConfig.WRITE_STALL,
                                access.config()),
                        got(doorwaySoon)));
        // Before the server, which waits for what is under way.
        closing(links);
        CertificateSigners signers =
                closing(
                        new CertificateSigners(
                                ledger,
                                access.authorizer(),
                                new CertificateAuthority(tls.authority()),
                                nodeTimes.certificateLife(),
                                clock::instant));
        signers.start();
        Ports.remember(port, profile.port());
        Kubeconfig.write(profile.kubeconfig(), profile.name(), address, tls);

        Runtimes.Opened chosen = got(runtimeSoon);
        PodRuntime runtime = closing(chosen.runtime());
        Networking networking = new Networking(profile, chosen.network(), settings);
        report.leadsToServicesBy(networking.plane());
        NodeSettings asking =
                networking.asking(
                        NodeSettings.of(new NodeName(NODE))
                                .withRole("control-plane")
                                .withMemory(settings.memoryBytes()),
                        ledger.state().resource(ResourceKey.node(new NodeName(NODE))));
        Optional<String> gateway = NameServer.gateway(runtime);
        NodeAgent node =
                new NodeAgent(
                        asking.withNames(
                                NameServer.names(networking.names(services.dnsAddress(), gateway))),
                        got(machineSoon),
                        runtime,
                        chosen.prober(),
                        controlPlane,
                        clock,
                        new PullActivity(activity),
                        tokens -> Runtimes.volumes(profile, runtime, tokens, clock));
        logs.of(node);
        sessions.of(node);
        Endpoint endpoint = Endpoint.ofThisProcess(address, sources.url(address), runtime.name());
        report.answersAt(endpoint, runtime.info().details());
        endpoint.write(profile.endpoint());
        closing(() -> Files.deleteIfExists(profile.endpoint()));

        closing(
                        new Loop(
                                ledger,
                                Controllers.all(),
                                new QuartzDueTimes(),
                                clock::instant,
                                Headroom.ofThisProcess()::lacking))
                .start();
        closing(
                Autoscaling.start(
                        ledger, new SampledUsage(everywhere, clock::instant), clock::instant));
        closing(
                        new NodeMonitor(
                                ledger,
                                name -> beside.find(lease(name)).map(Resource::version),
                                System::nanoTime,
                                clock::instant,
                                nodeTimes.grace(),
                                NodeMonitor.PERIOD))
                .start();
        sources.begin();
        if (settings.demo()) {
            new DemoImage(runtime, chosen.images(), activity).ensure();
        }
        boolean loopback = listen.bind().isLoopbackAddress();
        closing(networking)
                .start(
                        node,
                        new NodeName(NODE),
                        new LedgerClusterView(ledger, secrets),
                        loopback ? OptionalInt.of(port) : OptionalInt.empty(),
                        Optional.of(services));
        networking.announce(
                ledger, loopback ? Optional.empty() : Optional.of(listen.reachable()), port);
        try {
            closing(node).start();
        } catch (RuntimeFailure failure) {
            throw new IllegalArgumentException(
                    "the runtime does not say what runs: " + failure.getMessage(), failure);
        }
        report.started();
        access.oidc()
                .ifPresent(issuer -> {
                    report.warnsOf(() -> issuer.trouble().stream().toList());
                    closing(IssuerLook.start(issuer, ISSUER_APART));
                });
        closing(
                NodeServices.start(
                        view,
                        gateway,
                        Set.of(services.dnsAddress()),
                        profile.folder(),
                        proxy,
                        report::answersIngressesAt));
        LOG.log(
                Level.INFO,
                "cluster {0} answers at {1}, runtime {2}, position {3}",
                new Object[] {
                    profile.name(), address, runtime.info().version(), ledger.state().position()
                });
    }

    private static List<String> names(ListenAddress listen, ServiceRanges services) {
        List<String> names = new ArrayList<>(listen.names());
        names.add(services.apiAddress());
        return names;
    }

    private static ResourceKey lease(NodeName node) {
        return new ResourceKey(GroupKind.LEASE, BesideStore.NODE_NAMESPACE, node.value());
    }

    private Dashboard dashboard(
            Ledger ledger, ClusterAccess access, StatusReport report, InstantSource clock) {
        return new Dashboard(
                profile.name(),
                ledger,
                new Access(access.authorizer(), access.journal()),
                report::standing,
                clock);
    }

    private static List<Route> routes(
            ClusterRoutes cluster, JoinRoutes joining, NodeLinks links, Dashboard dashboard) {
        List<Route> routes = new ArrayList<>(cluster.all());
        routes.addAll(joining.all());
        routes.add(links.route());
        routes.addAll(dashboard.routes());
        return routes;
    }

    /** What was begun early, now needed; a failure is what it would have been in this thread. */
    private static <T> T got(Future<T> early)
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        try {
            return early.get(EARLY_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException failure -> throw failure;
                case RuntimeException failure -> throw failure;
                case null, default -> throw e;
            }
        }
    }

    /** A control plane whose log cannot be written must not go on as if it could. */
    private void logStopped(JournalFailure failure) {
        LOG.log(Level.SEVERE, failure.getMessage());
        exitCode = 1;
        end.countDown();
    }

    /**
     * Waits until the process is told to end (SIGTERM, SIGINT) or the log has stopped; the exit
     * code.
     */
    public int awaitEnd() throws InterruptedException {
        Thread main = Thread.currentThread();
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(() -> {
                            end.countDown();
                            try {
                                // The JVM is gone when this hook returns: let the main thread close
                                // everything first.
                                main.join(CLOSE_MILLIS);
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        }));
        end.await();
        close();
        Runtime.getRuntime().halt(exitCode);
        return exitCode;
    }

    private <T extends AutoCloseable> T closing(T resource) {
        opened.push(resource);
        return resource;
    }

    @Override
    public void close() {
        while (!opened.isEmpty()) {
            AutoCloseable resource = opened.pop();
            long begun = System.nanoTime();
            try {
                resource.close();
            } catch (Exception e) {
                LOG.log(Level.WARNING, "closing " + resource.getClass().getSimpleName(), e);
            }
            long millis = (System.nanoTime() - begun) / 1_000_000;
            if (millis >= LONG_CLOSE_MILLIS) {
                LOG.info("closing " + resource.getClass().getSimpleName() + ": " + millis + " ms");
            }
        }
    }
}
