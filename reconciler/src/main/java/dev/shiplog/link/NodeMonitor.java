package dev.shiplog.link;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.shiplog.command.ResourceCommand;
import dev.shiplog.journal.Origin;
import dev.shiplog.ledger.Ledger;
import dev.shiplog.ledger.Outcome;
import dev.shiplog.resource.GroupKind;
import dev.shiplog.resource.Json;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Notices nodes that have fallen silent: whose lease was not renewed for a while. That is no event,
 * so it is found out beside the ring; what becomes of it is: the node's conditions become {@code
 * Unknown}, and controllers do the rest.
 *
 * <p>Time counts from this program's start and only while it runs: a control plane that was away,
 * or stood still, has not listened, and gives every node the whole grace again.
 */
public final class NodeMonitor implements AutoCloseable {
    static final String UNKNOWN = "Unknown";

    /** How long a node may be silent: Kubernetes' {@code node-monitor-grace-period}. */
    public static final Duration GRACE = Duration.ofSeconds(40);

    /** How often it is looked at: Kubernetes' {@code node-monitor-period}. */
    public static final Duration PERIOD = Duration.ofSeconds(5);

    /** A look that comes later than so many periods shows that the program stood still. */
    private static final int STOOD_STILL = 3;

    private static final long SUBMIT_SECONDS = 30;
    private static final Logger LOG = LoggerFactory.getLogger(NodeMonitor.class);

    private final Ledger ledger;
    private final Function<NodeName, Optional<Position>> leases;
    private final LongSupplier nanos;
    private final Supplier<Instant> clock;
    private final Duration grace;
    private final Duration period;
    private final Map<NodeName, Heard> heard = new TreeMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private long lastLook;
    private long listensSince;

    /** When a node's lease was last seen to be another one than before. */
    private record Heard(Optional<Position> lease, long at) {}

    /**
     * @param leases the version of a node's lease; empty if it has none
     * @param nanos a clock that counts the time that passes while the machine runs
     */
    public NodeMonitor(
            Ledger ledger,
            Function<NodeName, Optional<Position>> leases,
            LongSupplier nanos,
            Supplier<Instant> clock,
            Duration grace,
            Duration period) {
        this.ledger = ledger;
        this.leases = leases;
        this.nanos = nanos;
        this.clock = clock;
        this.grace = grace;
        this.period = period;
        this.lastLook = nanos.getAsLong();
        this.listensSince = lastLook;
    }

    /** Begins to listen. Call once. */
    public void start() {
        Thread.ofVirtual().name("node-monitor").start(this::work);
    }

    private void work() {
        try {
            while (!closed.await(period.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    look();
                } catch (ExecutionException | TimeoutException | RuntimeException e) {
                    LOG.error("the nodes could not be looked at; the next look tries again", e);
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Looks at every node once. */
    void look() throws InterruptedException, ExecutionException, TimeoutException {
        long now = nanos.getAsLong();
        if (now - lastLook > period.multipliedBy(STOOD_STILL).toNanos()) {
            listensSince = now;
        }
        lastLook = now;
        for (Resource node : ledger.state().resources(GroupKind.NODE)) {
            NodeName name = new NodeName(node.key().name());
            Optional<Position> lease = leases.apply(name);
            Heard last = heard.get(name);
            if (last == null || !last.lease().equals(lease)) {
                // A node without a lease has said nothing yet since this began to listen.
                last = new Heard(lease, lease.isPresent() ? now : listensSince);
                heard.put(name, last);
            }
            long since = Math.max(last.at(), listensSince);
            if (now - since > grace.toNanos() && !readiness(node).equals(UNKNOWN)) {
                giveUp(node);
            }
        }
        heard.keySet().removeIf(name -> ledger.state().resource(ResourceKey.node(name)).isEmpty());
    }

    /** The status of the condition {@code Ready}; empty if a node has none. */
    static String readiness(Resource node) {
        for (JsonNode condition : node.status().toNode().path("conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                return condition.path("status").asText();
            }
        }
        return "";
    }

    private void giveUp(Resource node)
            throws InterruptedException, ExecutionException, TimeoutException {
        LOG.warn("node {} has not been heard of for {} s", node.key().name(), grace.toSeconds());
        Outcome outcome =
                ledger.submit(
                                new ResourceCommand.UpdateStatus(
                                        node.key(),
                                        node.uid(),
                                        unknown(node.status(), clock.get()),
                                        Optional.of(node.version())),
                                Origin.request(
                                        "controller:node-lifecycle-controller",
                                        "silent-" + node.key().name() + "-" + node.version()))
                        .get(SUBMIT_SECONDS, TimeUnit.SECONDS);
        if (outcome instanceof Outcome.Refused refused) {
            LOG.debug("{}: {}", node.key(), refused.message());
        }
    }

    /** The status of a node that is silent: every condition is what nobody knows, since now. */
    public static Json unknown(Json status, Instant now) {
        ObjectNode root = status.toObject();
        String time = now.truncatedTo(ChronoUnit.SECONDS).toString();
        boolean ready = false;
        for (JsonNode condition : root.withArrayProperty("conditions")) {
            if (condition instanceof ObjectNode mutable) {
                ready |= mutable.path("type").asText().equals("Ready");
                mutable.put("status", UNKNOWN)
                        .put("reason", "NodeStatusUnknown")
                        .put("message", "Kubelet stopped posting node status.")
                        .put("lastTransitionTime", time);
            }
        }
        if (!ready) {
            root.withArrayProperty("conditions")
                    .addObject()
                    .put("type", "Ready")
                    .put("status", UNKNOWN)
                    .put("reason", "NodeStatusNeverUpdated")
                    .put("message", "Kubelet never posted node status.")
                    .put("lastTransitionTime", time);
        }
        return Json.of(root);
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
