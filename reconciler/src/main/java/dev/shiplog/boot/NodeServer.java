package dev.shiplog.boot;

import dev.shiplog.node.agent.Machine;
import dev.shiplog.node.agent.NodeAgent;
import dev.shiplog.node.agent.NodeSettings;
import dev.shiplog.node.agent.Progress;
import dev.shiplog.node.link.remote.Link;
import dev.shiplog.node.link.remote.LinkTimes;
import dev.shiplog.node.link.remote.RemoteClusterView;
import dev.shiplog.node.link.remote.RemoteControlPlane;
import dev.shiplog.node.link.remote.SessionAnswers;
import dev.shiplog.node.plan.NodeNames;
import dev.shiplog.node.runtime.PodRuntime;
import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.resource.NodeName;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
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

    /** How long after a failed renewal it is tried again. */
    private static final Duration RENEWAL_RETRY = Duration.ofMinutes(1);

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
        NodeIdentity identity = NodeIdentity.open(profile.tls(), options, clock);
        options.write(settings(profile));
        Runtimes.Opened chosen = Runtimes.open(profile, options.runtime(), name.value());
        PodRuntime runtime = closing(chosen.runtime());
        Networking networking = new Networking(profile, chosen.network());
        NodeSettings settings =
                networking.asking(
                        new NodeSettings(name, options.labels(), NodeNames.NONE, ""),
                        Optional.empty());
        Optional<String> gateway = NameServer.gateway(runtime);
        Link link = new Link(name, options.server(), identity::client, times);
        SessionAnswers sessions = new SessionAnswers(link);
        NodeAgent agent =
                new NodeAgent(
                        settings.withNames(NameServer.names(gateway)),
                        Machine.here(profile.folder()).at(addressTowards(options.server())),
                        runtime,
                        chosen.prober(),
                        new RemoteControlPlane(link, sessions::begin),
                        clock,
                        Progress.NONE,
                        tokens -> Runtimes.volumes(profile, runtime, tokens, clock));
        closing(networking).start(name, new RemoteClusterView(link), OptionalInt.empty(), Optional.empty());
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
                        Set.of(),
                        profile.folder(),
                        _ -> {}));
        Thread.ofVirtual().name("renewal").start(() -> renewInTime(identity, clock));
        LOG.log(
                Level.INFO,
                "node {0} works for {1}, runtime {2}",
                new Object[] {name, options.server(), runtime.info().version()});
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

    private void renewInTime(NodeIdentity identity, InstantSource clock) {
        try {
            Duration wait = Duration.between(clock.instant(), identity.renewal());
            while (!end.await(Math.max(1, wait.toMillis()), TimeUnit.MILLISECONDS)) {
                wait = renewed(identity, clock.instant());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static Duration renewed(NodeIdentity identity, Instant now)
            throws InterruptedException {
        if (identity.renewal().isAfter(now)) {
            return Duration.between(now, identity.renewal());
        }
        try {
            identity.renew();
            return Duration.between(now, identity.renewal());
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.WARNING, "the certificate could not be renewed yet: {0}", e.toString());
            return RENEWAL_RETRY;
        }
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
