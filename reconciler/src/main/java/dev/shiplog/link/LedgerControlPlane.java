package dev.shiplog.link;

import dev.shiplog.command.Command;
import dev.shiplog.command.NodeCommand;
import dev.shiplog.command.NodeCommand.PodReport;
import dev.shiplog.command.ResourceCommand.Note;
import dev.shiplog.journal.Origin;
import dev.shiplog.ledger.Ledger;
import dev.shiplog.ledger.Origins;
import dev.shiplog.ledger.Outcome;
import dev.shiplog.node.link.ControlPlane;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.Position;
import dev.shiplog.resource.Resource;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;
import dev.shiplog.resource.Work;
import dev.shiplog.resource.secret.SecretDocuments;
import dev.shiplog.state.ClusterState;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A node's control plane, on the ledger of this process.
 *
 * <p>Invariants: every order that a node gets is recorded; a report is caused by the order that the
 * pod was given last, in the same request and from the same commit, so that its chain of causes
 * leads back to the commit.
 */
public final class LedgerControlPlane implements ControlPlane {
    /** How long a command may take to become durable. */
    static final Duration LONGEST_COMMAND = Duration.ofSeconds(30);

    /** The grace of a pod that the cluster knows nothing of: Kubernetes' default. */
    private static final long STRANGER_GRACE_SECONDS = 30;

    private static final Logger LOG = LoggerFactory.getLogger(LedgerControlPlane.class);

    private final Ledger ledger;
    private final Inputs inputs;
    private final TokenIssuer tokens;
    private final Consumer<NodeName> heartbeats;
    private final Supplier<String> correlations;
    private final Origins origins;
    private final Map<NodeName, Connected> connections = new ConcurrentHashMap<>();

    /** A node that is connected. */
    private record Connected(Supplier<Introduction> introduction, OrderFeed feed) {}

    /** One that issues no tokens. */
    public LedgerControlPlane(
            Ledger ledger,
            SecretDocuments secrets,
            Consumer<NodeName> heartbeats,
            Supplier<String> correlations) {
        this(ledger, secrets, TokenIssuer.NONE, heartbeats, correlations);
    }

    /**
     * @param secrets opens what pods refer to
     * @param tokens issues what pods say who they are with
     * @param heartbeats hears of every node that lives; beside the log
     * @param correlations makes the id of each request that a node begins by itself
     */
    public LedgerControlPlane(
            Ledger ledger,
            SecretDocuments secrets,
            TokenIssuer tokens,
            Consumer<NodeName> heartbeats,
            Supplier<String> correlations) {
        this.tokens = tokens;
        this.ledger = ledger;
        this.inputs = new Inputs(secrets);
        this.heartbeats = heartbeats;
        this.correlations = correlations;
        this.origins = new Origins(ledger);
    }

    @Override
    public Connection connect(
            Supplier<Introduction> introduction,
            Supplier<List<Running>> running,
            Consumer<Order> orders) {
        Introduction first = introduction.get();
        NodeName node = first.node();
        // It lives: what is done about silent nodes must not begin now.
        heartbeats.accept(node);
        Origin request = Origin.request(actor(node), correlations.get());
        submit(Registration.command(first, ledger.state()), request);
        OrderFeed feed = new OrderFeed(node, inputs, orders);
        ClusterState state = feed.catchUp(ledger::state);
        settle(node, feed.drainObsolete());
        // Whatever is recorded from here on comes through the subscription, these orders included.
        Ledger.Subscription subscription =
                ledger.subscribe(
                        state.position(),
                        (after, events) -> {
                            feed.changed(after, events);
                            settleLater(node, feed.drainObsolete());
                        });
        List<Work> strangers = strangers(state, node, running.get());
        if (!strangers.isEmpty()) {
            submit(new NodeCommand.OrderWork(node, strangers), request);
        }
        Connected connected = new Connected(introduction, feed);
        connections.put(node, connected);
        return () -> {
            connections.remove(node, connected);
            subscription.close();
        };
    }

    @Override
    public void introduce(Introduction introduction) {
        // Also before it has a lease: what is done about silent ones must not hit a new one.
        heartbeats.accept(introduction.node());
        submit(
                Registration.command(introduction, ledger.state()),
                Origin.request(actor(introduction.node()), correlations.get()));
    }

    /** Stops for what runs on the node and should not. */
    private static List<Work> strangers(ClusterState state, NodeName node, List<Running> running) {
        List<Work> stops = new ArrayList<>();
        for (Running pod : running) {
            boolean known =
                    state.resource(pod.pod())
                            .filter(resource -> resource.uid().equals(pod.uid()))
                            .isPresent();
            boolean told =
                    state.work(node).values().stream()
                            .anyMatch(work ->
                                    work instanceof Work.StopPod && work.uid().equals(pod.uid()));
            if (!known && !told) {
                stops.add(new Work.StopPod(pod.pod(), pod.uid(), STRANGER_GRACE_SECONDS));
            }
        }
        return stops;
    }

    /** Acknowledges orders in the node's name that there is nothing left to do for. */
    private void settle(NodeName node, List<Position> obsolete) {
        if (!obsolete.isEmpty()) {
            Origin origin =
                    origins.of(obsolete.getFirst()).followedBy(actor(node), obsolete.getFirst());
            submit(new NodeCommand.ReportPods(node, List.of(), obsolete, List.of()), origin);
        }
    }

    /** A listener of the ledger must not wait for it. */
    private void settleLater(NodeName node, List<Position> obsolete) {
        if (!obsolete.isEmpty()) {
            Thread.ofVirtual().name("settle-" + node).start(() -> settle(node, obsolete));
        }
    }

    @Override
    public TokenReply token(
            NodeName node, ResourceKey pod, Uid uid, String audience, long seconds) {
        return tokens.issue(node, pod, uid, audience, seconds);
    }

    @Override
    public void renew(NodeName node) {
        heartbeats.accept(node);
        Connected connected = connections.get(node);
        if (connected != null && givenUp(node)) {
            introduce(connected.introduction().get());
            // Its pods were called not ready: with their orders they hear it, and say how it is.
            connected.feed().catchUp(ledger::state);
            settle(node, connected.feed().drainObsolete());
        }
    }

    /** Whether the cluster does not count on a node any more, which was never disconnected. */
    private boolean givenUp(NodeName node) {
        return ledger.state()
                .resource(ResourceKey.node(node))
                .filter(found -> NodeMonitor.readiness(found).equals(NodeMonitor.UNKNOWN))
                .isPresent();
    }

    @Override
    public void report(
            NodeName node, List<PodReport> reports, List<Position> acknowledged, List<Note> notes) {
        Map<Chain, Batch> batches = new LinkedHashMap<>();
        ClusterState state = ledger.state();
        for (PodReport report : reports) {
            batch(batches, state, report.pod(), report.uid())
                    .ifPresent(batch -> batch.reports.add(report));
        }
        for (Note told : notes) {
            Note note = ofItself(state, node, told);
            batch(batches, state, note.about(), note.uid())
                    .ifPresent(batch -> batch.notes.add(note));
        }
        for (Position order : acknowledged) {
            if (state.work(node).containsKey(order)) {
                Origin origin = origins.of(order);
                batches.computeIfAbsent(Chain.of(origin), _ -> new Batch(order, origin))
                        .orders
                        .add(order);
            }
        }
        List<CompletableFuture<Outcome>> submitted = new ArrayList<>();
        batches.values()
                .forEach(batch ->
                        submitted.add(ledger.submit(batch.command(node), batch.origin(node))));
        submitted.forEach(LedgerControlPlane::await);
    }

    /** A node that notes something about itself does not know which life of its name it is. */
    private static Note ofItself(ClusterState state, NodeName node, Note note) {
        Optional<Resource> itself = state.resource(ResourceKey.node(node));
        return itself.isEmpty() || !note.about().equals(ResourceKey.node(node))
                ? note
                : note.withUid(itself.get().uid());
    }

    /** The batch that a pod's reports belong to; none if the cluster does not know the pod. */
    private Optional<Batch> batch(
            Map<Chain, Batch> batches, ClusterState state, ResourceKey pod, Uid uid) {
        Optional<Resource> known =
                state.resource(pod).filter(resource -> resource.uid().equals(uid));
        if (known.isEmpty()) {
            return Optional.empty();
        }
        Position cause =
                state.ordered(uid).map(ordered -> ordered.id()).orElse(known.get().version());
        Origin origin = origins.of(cause);
        return Optional.of(
                batches.computeIfAbsent(Chain.of(origin), _ -> new Batch(cause, origin)));
    }

    /** What belongs to one request from one commit is recorded in one append. */
    private record Chain(String correlation, String commit) {
        static Chain of(Origin origin) {
            return new Chain(
                    origin.correlation(), origin.commit().map(commit -> commit.value()).orElse(""));
        }
    }

    private static final class Batch {
        private final Position cause;
        private final Origin of;
        private final List<PodReport> reports = new ArrayList<>();
        private final List<Position> orders = new ArrayList<>();
        private final List<Note> notes = new ArrayList<>();

        Batch(Position cause, Origin of) {
            this.cause = cause;
            this.of = of;
        }

        Command command(NodeName node) {
            return new NodeCommand.ReportPods(node, reports, orders, notes);
        }

        Origin origin(NodeName node) {
            return of.followedBy(actor(node), cause);
        }
    }

    private static String actor(NodeName node) {
        return "node:" + node;
    }

    private void submit(Command command, Origin origin) {
        await(ledger.submit(command, origin));
    }

    private static void await(CompletableFuture<Outcome> submitted) {
        try {
            Outcome outcome = submitted.get(LONGEST_COMMAND.toSeconds(), TimeUnit.SECONDS);
            if (outcome instanceof Outcome.Refused refused) {
                LOG.debug("{}: {}", refused.reason(), refused.message());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted before the ledger answered", e);
        } catch (TimeoutException e) {
            throw new IllegalStateException(
                    "expected the ledger to answer within " + LONGEST_COMMAND.toSeconds() + " s",
                    e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the ledger failed", e);
        }
    }
}
