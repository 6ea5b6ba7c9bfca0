package dev.shiplog.node.network.plane;

import com.fasterxml.jackson.databind.JsonNode;

import dev.shiplog.node.link.ClusterView;
import dev.shiplog.node.linux.Sctp;
import dev.shiplog.node.network.Subnet;
import dev.shiplog.node.network.nft.Nft;
import dev.shiplog.node.network.peer.Peer;
import dev.shiplog.node.network.peer.Peers;
import dev.shiplog.node.network.pod.Interface;
import dev.shiplog.node.network.pod.PodNetwork;
import dev.shiplog.node.network.service.HealthChecks;
import dev.shiplog.node.network.service.RelayPlane;
import dev.shiplog.node.network.service.ServicePlane;
import dev.shiplog.node.network.service.ServiceTable;
import dev.shiplog.node.network.service.Surroundings;
import dev.shiplog.node.network.service.Target;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.ServiceRanges;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A node's network at work: takes the range that the cluster gives, follows Services and nodes, and
 * puts back what somebody took away from the kernel.
 *
 * <p>Closing it leaves everything in the kernel as it is: pods keep their network while no program
 * runs.
 */
public final class NodeNetwork implements AutoCloseable {
    /** How often the kernel is compared with what should be there. */
    public static final Duration CHECK = Duration.ofSeconds(15);

    /** Checks after which elements are written anew too, which is not looked at otherwise. */
    private static final int CHECKS_A_RENEWAL = 40;

    private static final String SCTP = "SCTP";

    private static final Duration CLOSING = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(NodeNetwork.class);

    /** For those who need to hear nothing. */
    static final Listener SILENT =
            new Listener() {
                @Override
                public void mended(List<String> parts) {}

                @Override
                public void lacking(String what) {}
            };

    private final PodNetwork pods;
    private final NodeName node;
    private final ClusterView view;
    private final OptionalInt loopbackApi;
    private final Optional<ServiceRanges> range;
    private final PlaneKind plane;
    private final Listener listener;
    private final Peers peers;
    private final HealthChecks health = new HealthChecks();
    private final CompletableFuture<Subnet> ready = new CompletableFuture<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final WaitingUpdate waiting = new WaitingUpdate();
    private boolean closed;

    /** Only the worker's. */
    private final Followed followed = new Followed();

    private final Announcements announcements;

    /** Services that were said not to work here. */
    private final SortedSet<ResourceKey> judged = new TreeSet<>();

    private Optional<ServicePlane> services = Optional.empty();
    private Optional<ClusterView.Subscription> subscription = Optional.empty();
    private Optional<Thread> worker = Optional.empty();
    private int checks;
    private volatile Duration checkEvery = CHECK;

    /**
     * @param cluster the cluster's id
     * @param loopbackApi the port at which the API server listens on the loopback of this machine
     *     only: pods reach it at the bridge's address; empty if it listens for all
     */
    public NodeNetwork(
            PodNetwork pods,
            String cluster,
            NodeName node,
            ClusterView view,
            OptionalInt loopbackApi) {
        this(pods, cluster, node, view, loopbackApi, Optional.empty(), PlaneKind.AUTO, SILENT);
    }

    /**
     * The same, where the range of the addresses of Services is known.
     *
     * @param range kept from other clusters on this machine
     * @param plane what leads to Services
     * @param listener hears of what happens
     */
    public NodeNetwork(
            PodNetwork pods,
            String cluster,
            NodeName node,
            ClusterView view,
            OptionalInt loopbackApi,
            Optional<ServiceRanges> range,
            PlaneKind plane,
            Listener listener) {
        this.range = range;
        this.plane = plane;
        this.announcements = new Announcements(pods.names().bridge(), node.value());
        this.listener = listener;
        this.pods = pods;
        this.node = node;
        this.view = view;
        this.loopbackApi = loopbackApi;
        this.peers = new Peers(pods.names(), cluster);
    }

    /** As often as this instead of {@link #CHECK}; from before the start on. */
    void checkEvery(Duration time) {
        checkEvery = time;
    }

    /** Begins to follow the cluster. To be called once. */
    public void start() {
        worker = Optional.of(Thread.ofVirtual().name("network-" + node).start(this::work));
        subscription = Optional.of(view.follow(Followed.KINDS, this::deliver));
    }

    /** The range of this node's pods, once Services are forwarded too. */
    public CompletableFuture<Subnet> ready() {
        return ready.copy();
    }

    /** What waits is merged: nothing of an older state has to be told. */
    private void deliver(ClusterView.Update update) {
        lock.lock();
        try {
            waiting.merge(update);
            news.signal();
        } finally {
            lock.unlock();
        }
    }

    private void work() {
        try {
            long nextCheck = System.nanoTime() + checkEvery.toNanos();
            while (true) {
                Optional<ClusterView.Update> update = next(nextCheck);
                if (update.isPresent()) {
                    attempt(() -> take(update.get()));
                } else if (isClosed()) {
                    return;
                } else {
                    attempt(this::check);
                    nextCheck = System.nanoTime() + checkEvery.toNanos();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The next update; empty when closed, or when it is time to check. */
    private Optional<ClusterView.Update> next(long nextCheck) throws InterruptedException {
        lock.lock();
        try {
            while (waiting.isEmpty() && !closed) {
                long left = nextCheck - System.nanoTime();
                if (left <= 0) {
                    return Optional.empty();
                }
                news.awaitNanos(left);
            }
            return closed ? Optional.empty() : waiting.take();
        } finally {
            lock.unlock();
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** Hears of what people should know; must not block. */
    public interface Listener {
        /** Of what was put back after somebody took it away. */
        void mended(List<String> parts);

        /** Of a Service that cannot be led to here as it says. */
        void lacking(String what);
    }

    private interface Step {
        void run() throws IOException;
    }

    /** What fails is tried again with the next check. */
    private void attempt(Step step) {
        try {
            step.run();
        } catch (IOException | RuntimeException failure) {
            LOG.error("the network of node {}: {}", node, failure.getMessage());
            LOG.debug("the network of node {}", node, failure);
        }
    }

    private void take(ClusterView.Update update) throws IOException {
        Followed.Touched touched = followed.take(update);
        if (services.isEmpty()) {
            begin();
        } else if (!touched.services().isEmpty()) {
            SortedMap<ResourceKey, Optional<ServicePlane.Known>> known =
                    followed.known(touched.services());
            services.get().take(known);
            judge(known);
            health.take(services.get().healthChecks());
            announcements.take(known);
        }
        Optional<Peer> own = followed.node(node);
        if (touched.nodes() && own.isPresent() && services.isPresent()) {
            peers.take(own.get(), followed.others(node));
        }
        announce();
    }

    /** Says once of each Service what cannot be here. */
    private void judge(SortedMap<ResourceKey, Optional<ServicePlane.Known>> known) {
        known.forEach((key, service) -> {
            Optional<String> objection =
                    service.filter(NodeNetwork::speaksSctp).flatMap(_ -> Sctp.objection());
            if (objection.isEmpty()) {
                judged.remove(key);
            } else if (judged.add(key)) {
                listener.lacking(
                        "Service " + key.namespace() + "/" + key.name() + ": " + objection.get());
            }
        });
    }

    private static boolean speaksSctp(ServicePlane.Known known) {
        Json body = known.service().body();
        if (!body.toString().contains(SCTP)) {
            return false;
        }
        for (JsonNode port : body.toNode().at("/spec/ports")) {
            if (port.path("protocol").asText().equals(SCTP)) {
                return true;
            }
        }
        return false;
    }

    private void announce() throws IOException {
        if (services.isPresent()) {
            announcements.ensure(followed.ready(), followed.addresses());
        }
    }

    /** Once the node has its range. */
    private void begin() throws IOException {
        Optional<Peer> own = followed.node(node);
        if (own.isEmpty()) {
            return;
        }
        Subnet range = own.get().pods();
        pods.settle(range);
        ServicePlane table = plane(range);
        SortedMap<ResourceKey, Optional<ServicePlane.Known>> known =
                followed.known(followed.services());
        table.take(known);
        judge(known);
        announcements.take(known);
        services = Optional.of(table);
        health.take(table.healthChecks());
        peers.take(own.get(), followed.others(node));
        announce();
        ready.complete(range);
    }

    private ServicePlane plane(Subnet ofPods) throws IOException {
        Surroundings around = new Surroundings(node.value(), ofPods.gateway(), redirects(ofPods));
        return switch (plane.chosen()) {
            case NFTABLES, AUTO -> {
                new Interface(pods.names().serviceDevice()).remove();
                yield new ServiceTable(pods.names(), pods.cluster(ofPods), around, range);
            }
            case USERSPACE -> {
                if (Nft.objection().isEmpty()) {
                    ServiceTable.leave(pods.names(), range);
                }
                yield new RelayPlane(pods.names(), ofPods, around);
            }
        };
    }

    private SortedMap<Target, Target> redirects(Subnet range) {
        SortedMap<Target, Target> redirects = new TreeMap<>();
        loopbackApi.ifPresent(port ->
                redirects.put(new Target(range.gateway(), port), new Target("127.0.0.1", port)));
        return redirects;
    }

    private void check() throws IOException {
        if (services.isEmpty()) {
            begin();
            return;
        }
        Nft.prepare();
        List<String> restored = new ArrayList<>(pods.check());
        services.get().retry();
        checks++;
        boolean sound = services.get().sound();
        if (!sound || checks % CHECKS_A_RENEWAL == 0) {
            services.get().load();
        }
        if (!sound) {
            LOG.warn("{} was changed from outside, and put back", services.get().part());
            restored.add(services.get().part());
        }
        if (!restored.isEmpty()) {
            listener.mended(restored);
        }
        Optional<Peer> own = followed.node(node);
        if (own.isPresent()) {
            peers.ensure(own.get());
        }
        announce();
    }

    @Override
    public void close() {
        subscription.ifPresent(ClusterView.Subscription::close);
        lock.lock();
        try {
            closed = true;
            news.signal();
        } finally {
            lock.unlock();
        }
        try {
            if (worker.isPresent()) {
                worker.get().join(CLOSING);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        health.close();
        services.ifPresent(ServicePlane::close);
    }
}
