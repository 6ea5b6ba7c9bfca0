package dev.shiplog.boot;

import dev.shiplog.node.agent.Machine;
import dev.shiplog.node.agent.NodeAgent;
import dev.shiplog.node.agent.NodeSettings;
import dev.shiplog.node.agent.Progress;
import dev.shiplog.node.link.remote.Link;
import dev.shiplog.node.link.remote.LinkRefused;
import dev.shiplog.node.link.remote.LinkTimes;
import dev.shiplog.node.link.remote.RemoteClusterView;
import dev.shiplog.node.link.remote.RemoteControlPlane;
import dev.shiplog.node.link.remote.SessionAnswers;
import dev.shiplog.node.network.ingress.ProxyKind;
import dev.shiplog.node.plan.NodeNames;
import dev.shiplog.node.runtime.PodRuntime;
import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.resource.NodeName;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A node of a cluster whose control plane is elsewhere, in one process. Everything that it opens it
 * closes, in the opposite order; pods keep running.
 */
public final class NodeServer implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(NodeServer.class.getName());

    /** What closing may take. */
    private static final long CLOSE_MILLIS = 25_000;

    /** How often a renewal that failed is tried again before the certificate ends. */
    private static final int RENEWAL_TRIES = 10;

    private static final Duration SHORTEST_RETRY = Duration.ofSeconds(1);
    private static final Duration LONGEST_RETRY = Duration.ofMinutes(1);

    private static final int HTTPS = 443;

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final CountDownLatch end = new CountDownLatch(1);

    private NodeServer() {}

    /** The file in a node's folder that holds what it was told. */
    public static Path settings(Profile profile) {
        return profile.folder().resolve("node.json");
    }

    /**
     * Joins, or joins again, and returns once the node works.
     *
     * @throws IllegalArgumentException if it cannot; the message says why and what to do
     */
    public static NodeServer start(Profile profile, NodeOptions options, LinkTimes times)
            throws IOException, InterruptedException {
        NodeServer server = new NodeServer();
        try {
            server.open(profile, options, times);
            return server;
        } catch (Throwable failure) {
            server.close();
            throw failure;
        }
    }

    private void open(Profile profile, NodeOptions options, LinkTimes times)
            throws IOException, InterruptedException {
        InstantSource clock = InstantSource.system();
        NodeName name = new NodeName(options.name());
        alone(profile);
        Settings told = SettingsFile.read(profile.settings());
        ProxyKind proxy = NodeServices.proxy(told);
        NodeIdentity identity = NodeIdentity.open(profile.tls(), options, clock);
        options.write(settings(profile));
        Runtimes.Opened chosen = Runtimes.open(profile, options.runtime(), name.value());
        PodRuntime runtime = closing(chosen.runtime());
        closing(() -> Files.deleteIfExists(profile.endpoint()));
        Endpoint.ofThisProcess(options.server(), "", runtime.name()).write(profile.endpoint());
        Link link = new Link(name, options.server(), identity::client, times);
        SessionAnswers sessions = new SessionAnswers(link);
        RemoteControlPlane controlPlane = new RemoteControlPlane(link, sessions::begin);
        Machine machine = machine(profile, options);
        Networking networking = new Networking(profile, chosen.network(), told);
        NodeSettings settings =
                chosen.network().isPresent()
                        ? settled(
                                networking,
                                new NodeSettings(name, options.labels(), NodeNames.NONE, ""),
                                new GivenRange(new RemoteClusterView(link), name, profile.folder()),
                                asked ->
                                        controlPlane.introduce(
                                                NodeAgent.introduction(
                                                        asked, machine, runtime, clock.instant())))
                        : new NodeSettings(name, options.labels(), NodeNames.NONE, "");
        Optional<String> gateway = NameServer.gateway(runtime);
        Optional<String> names =
                chosen.network().isPresent()
                        ? DnsAddress.of(new RemoteClusterView(link), profile.folder())
                        : Optional.empty();
        NodeAgent agent =
                new NodeAgent(
                        settings.withNames(NameServer.names(names.or(() -> gateway))),
                        machine,
                        runtime,
                        chosen.prober(),
                        controlPlane,
                        clock,
                        Progress.NONE,
                        tokens -> Runtimes.volumes(profile, runtime, tokens, clock));
        closing(networking)
                .start(
                        agent,
                        name,
                        new RemoteClusterView(link),
                        OptionalInt.empty(),
                        Optional.empty());
        try {
            sessions.of(agent);
            closing(agent).start();
        } catch (RuntimeFailure failure) {
            throw new IllegalArgumentException(
                    "the runtime does not say what runs: " + failure.getMessage(), failure);
        }
        closing(
                NodeServices.start(
                        new RemoteClusterView(link),
                        gateway,
                        names.map(Set::of).orElse(Set.of()),
                        profile.folder(),
                        proxy,
                        _ -> {}));
        Thread.ofVirtual().name("renewal").start(() -> renewInTime(identity, link, clock));
        LOG.log(
                Level.INFO,
                "node {0} ({1}) works for {2}, runtime {3}, pods in {4}, certificate until {5}",
                new Object[] {
                    name,
                    machine.address(),
                    options.server(),
                    runtime.info().version(),
                    settings.podRange().isEmpty()
                            ? "the runtime's own network"
                            : settings.podRange(),
                    identity.end()
                });
    }

    /** Two programs must not look after the same pods. */
    private static void alone(Profile profile) {
        Endpoint.read(profile.endpoint())
                .ifPresent(other -> {
                    throw new IllegalArgumentException(
                            "this node runs already (process "
                                    + other.pid()
                                    + "): \"shiplog stop -p "
                                    + profile.name()
                                    + "\" ends it");
                });
    }

    /** What a node with a network of its own does before it takes pods: it gets their addresses. */
    private static NodeSettings settled(
            Networking networking,
            NodeSettings node,
            GivenRange range,
            Consumer<NodeSettings> introduce)
            throws IOException, InterruptedException {
        NodeSettings asking = networking.asking(node, range.known());
        try {
            introduce.accept(asking);
        } catch (LinkRefused refused) {
            if (refused.forGood()) {
                throw new IllegalArgumentException(
                        "this machine cannot be node " + node.node() + ": " + refused.getMessage(),
                        refused);
            }
            return asking;
        } catch (IllegalStateException _) {
            // The control plane is away, as the link has said; pods are looked after meanwhile.
            return asking;
        }
        // The cluster gives another one if somebody else has what was asked for.
        String given = range.given();
        return given.isEmpty() ? asking : networking.asking(node, given);
    }

    private static Machine machine(Profile profile, NodeOptions options) {
        Machine machine = Machine.here(profile.folder());
        try {
            return machine.at(addressTowards(options.server()));
        } catch (IOException | UncheckedIOException e) {
            LOG.log(
                    Level.WARNING,
                    "there is no way to {0} at the moment ({1}); this node calls itself {2}",
                    new Object[] {options.server(), e.getMessage(), machine.address()});
            return machine;
        }
    }

    /** The address of this machine that the control plane sees. */
    private static String addressTowards(String server) throws IOException {
        URI uri = URI.create(server);
        // Nothing is sent: the kernel only chooses the way.
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(
                    new InetSocketAddress(
                            InetAddress.getByName(uri.getHost()),
                            uri.getPort() < 0 ? HTTPS : uri.getPort()));
            return socket.getLocalAddress().getHostAddress();
        }
    }

    private void renewInTime(NodeIdentity identity, Link link, InstantSource clock) {
        try {
            Duration wait = Duration.between(clock.instant(), identity.renewal());
            while (!end.await(Math.max(1, wait.toMillis()), TimeUnit.MILLISECONDS)) {
                wait = renewed(identity, link, clock.instant());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static Duration renewed(NodeIdentity identity, Link link, Instant now)
            throws InterruptedException {
        if (identity.renewal().isAfter(now)) {
            return Duration.between(now, identity.renewal());
        }
        try {
            identity.renew();
            // What was opened with the one before would end with it.
            link.beginAnew();
            return Duration.between(now, identity.renewal());
        } catch (IOException | RuntimeException e) {
            LOG.log(
                    Level.WARNING,
                    "the certificate, which holds until {0}, could not be renewed yet: {1}",
                    new Object[] {
                        identity.end(), e.getMessage() == null ? e.toString() : e.getMessage()
                    });
            return retry(Duration.between(now, identity.end()));
        }
    }

    /** Some more tries before the certificate ends. */
    private static Duration retry(Duration left) {
        Duration part = left.dividedBy(RENEWAL_TRIES);
        if (part.compareTo(LONGEST_RETRY) > 0) {
            return LONGEST_RETRY;
        }
        return part.compareTo(SHORTEST_RETRY) < 0 ? SHORTEST_RETRY : part;
    }

    /** Waits until the process is told to end (SIGTERM, SIGINT). */
    public void awaitEnd() throws InterruptedException {
        Thread main = Thread.currentThread();
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(() -> {
                            end.countDown();
                            try {
                                main.join(CLOSE_MILLIS);
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        }));
        end.await();
        close();
        Runtime.getRuntime().halt(0);
    }

    private <T extends AutoCloseable> T closing(T resource) {
        opened.push(resource);
        return resource;
    }

    @Override
    public void close() {
        end.countDown();
        while (!opened.isEmpty()) {
            AutoCloseable resource = opened.pop();
            try {
                resource.close();
            } catch (Exception e) {
                LOG.log(Level.WARNING, "closing " + resource.getClass().getSimpleName(), e);
            }
        }
    }
}
