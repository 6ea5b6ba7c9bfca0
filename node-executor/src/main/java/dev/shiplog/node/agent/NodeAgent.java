package dev.shiplog.node.agent;

import dev.shiplog.command.ResourceCommand.Note;
import dev.shiplog.node.link.ControlPlane;
import dev.shiplog.node.link.ControlPlane.Order;
import dev.shiplog.node.link.ControlPlane.Running;
import dev.shiplog.node.plan.NodeFacts;
import dev.shiplog.node.probe.Prober;
import dev.shiplog.node.report.Reporter;
import dev.shiplog.node.runtime.LogOptions;
import dev.shiplog.node.runtime.ObservedPod;
import dev.shiplog.node.runtime.PodRuntime;
import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.node.runtime.SandboxStatus;
import dev.shiplog.node.volume.TokenSource;
import dev.shiplog.node.volume.Volumes;
import dev.shiplog.node.worker.Effects;
import dev.shiplog.node.worker.ImagePulls;
import dev.shiplog.node.worker.PodWorker;
import dev.shiplog.resource.NodeName;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * A node: takes orders, gives each pod a worker, reports what becomes of it.
 *
 * <p>Invariants: at most one worker for each life of a pod; what a pod should be comes from orders,
 * what it is from the runtime, so the agent keeps nothing that a restart would lose; closing it
 * leaves the pods running, and the next agent of the same node takes them up as they are.
 */
public final class NodeAgent implements AutoCloseable {
    /** How often everything is compared with the runtime, in case a hint was lost. */
    static final Duration RESYNC = Duration.ofSeconds(30);

    /** How often the node says that it lives, as a kubelet does. */
    static final Duration RENEWAL = Duration.ofSeconds(10);

    /** How long closing waits for what is being done, for all pods together. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(NodeAgent.class);

    private final NodeSettings settings;
    private final Machine machine;
    private final PodRuntime runtime;
    private final ControlPlane controlPlane;
    private final InstantSource clock;
    private final NodeFacts facts;
    private final Effects effects;
    private final OrphanedVolumes orphans;
    private final Reporter reporter;
    private final NodeSessions sessions;
    private final Map<Uid, PodWorker> workers = new ConcurrentHashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Health health;
    private final RuntimeReach reach;
    private final Supplier<Health.Left> left;
    private final Evictor evictor;
    private final ReentrantLock examining = new ReentrantLock();
    private Optional<PodRuntime.Watch> watch = Optional.empty();
    private Optional<ControlPlane.Connection> connection = Optional.empty();

    /**
     * A node whose pods' volumes are only pretended.
     *
     * @param machine what the node says it is
     * @param runtime what runs the pods; the caller closes it after the agent
     * @param prober asks them how they are
     * @param progress hears of pulls
     */
    public NodeAgent(
            NodeSettings settings,
            Machine machine,
            PodRuntime runtime,
            Prober prober,
            ControlPlane controlPlane,
            InstantSource clock,
            Progress progress) {
        this(settings, machine, runtime, prober, controlPlane, clock, progress, _ -> Volumes.NONE);
    }

    /**
     * @param volumes opens what keeps the pods' volumes, given who gives their tokens
     */
    public NodeAgent(
            NodeSettings settings,
            Machine machine,
            PodRuntime runtime,
            Prober prober,
            ControlPlane controlPlane,
            InstantSource clock,
            Progress progress,
            Function<TokenSource, Volumes> volumes) {
        this(
                settings,
                machine,
                runtime,
                prober,
                controlPlane,
                clock,
                progress,
                volumes,
                () -> Health.Left.measured(machine.state()));
    }

    /**
     * @param left says what the machine has left of what may run out
     */
    NodeAgent(
            NodeSettings settings,
            Machine machine,
            PodRuntime runtime,
            Prober prober,
            ControlPlane controlPlane,
            InstantSource clock,
            Progress progress,
            Function<TokenSource, Volumes> volumes,
            Supplier<Health.Left> left) {
        Volumes opened = volumes.apply(new PodTokens(settings.node(), controlPlane));
        this.orphans = new OrphanedVolumes(opened);
        this.settings = settings;
        this.machine = machine;
        this.runtime = runtime;
        this.controlPlane = controlPlane;
        this.clock = clock;
        this.left = left;
        this.evictor = new Evictor(runtime, opened, this::warn, Evictor.MEASURING);
        this.health = Health.GOOD.next(left.get(), Optional.empty(), clock.instant());
        this.facts = Introductions.facts(settings, machine, runtime);
        this.effects =
                new Effects(
                        runtime,
                        new ImagePulls(
                                runtime,
                                pull ->
                                        progress.pulling(
                                                pull.image(), pull.doneBytes(), pull.totalBytes())),
                        prober,
                        opened,
                        clock);
        this.reporter = new Reporter(settings.node(), controlPlane);
        this.reach = new RuntimeReach(clock, this::runtimeChanged);
        this.sessions =
                new NodeSessions(
                        settings.node().value(),
                        runtime,
                        uid -> Optional.ofNullable(workers.get(uid)));
    }

    /**
     * Introduces the node and begins to work. To be called once.
     *
     * @throws RuntimeFailure if the runtime does not say what runs
     */
    public void start() throws RuntimeFailure {
        watch = Optional.of(runtime.watch(this::hint, reach));
        // Asked for once here, so that a runtime that does not answer fails the start.
        AtomicReference<Optional<List<Running>>> first =
                new AtomicReference<>(Optional.of(running()));
        connection =
                Optional.of(
                        controlPlane.connect(
                                this::introduction,
                                () ->
                                        first.getAndSet(Optional.empty())
                                                .orElseGet(this::runningAgain),
                                this::order));
        Thread.ofVirtual().name("resync-" + settings.node()).start(this::resyncNowAndThen);
        Thread.ofVirtual().name("renewal-" + settings.node()).start(this::renewNowAndThen);
        Thread.ofVirtual().name("eviction-" + settings.node()).start(this::relieveNowAndThen);
    }

    /** What a node says of itself before it works: so that the cluster knows it. */
    public static ControlPlane.Introduction introduction(
            NodeSettings settings, Machine machine, PodRuntime runtime, Instant now) {
        return Introductions.introduce(
                settings,
                machine,
                runtime,
                Health.GOOD.next(Health.Left.measured(machine.state()), Optional.empty(), now),
                now);
    }

    private ControlPlane.Introduction introduction() {
        return Introductions.introduce(settings, machine, runtime, health, clock.instant());
    }

    private List<Running> running() throws RuntimeFailure {
        return runtime.list().stream().map(NodeAgent::running).toList();
    }

    private List<Running> runningAgain() {
        try {
            return running();
        } catch (RuntimeFailure e) {
            throw new IllegalStateException("the runtime does not say what runs", e);
        }
    }

    private static Running running(ObservedPod pod) {
        SandboxStatus sandbox = pod.sandbox();
        return new Running(
                ResourceKey.pod(sandbox.namespace(), sandbox.podName()), new Uid(sandbox.podUid()));
    }

    private void order(Order order) {
        if (closed.getCount() == 0) {
            return;
        }
        // A worker whose pod just went away takes nothing any more: the next one answers.
        workers.compute(
                order.uid(),
                (uid, worker) -> {
                    if (worker != null && worker.tell(order)) {
                        return worker;
                    }
                    PodWorker fresh = worker(order.pod(), uid);
                    fresh.tell(order);
                    fresh.start();
                    return fresh;
                });
    }

    private PodWorker worker(ResourceKey pod, Uid uid) {
        return new PodWorker(
                pod,
                uid,
                runtime,
                effects,
                facts,
                reporter,
                clock,
                over -> workers.remove(uid, over));
    }

    private void hint(String podUid) {
        PodWorker worker = workers.get(new Uid(podUid));
        if (worker != null) {
            worker.hint();
        }
    }

    private void resyncNowAndThen() {
        try {
            while (!closed.await(RESYNC.toMillis(), TimeUnit.MILLISECONDS)) {
                resync();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void renewNowAndThen() {
        try {
            do {
                renew();
                examine(left.get());
            } while (!closed.await(RENEWAL.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Apart from the renewals: measuring what pods take may take longer than these may wait. */
    private void relieveNowAndThen() {
        try {
            while (!closed.await(RENEWAL.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    evictor.relieve(left.get().shortages(), workers.values(), clock.instant());
                } catch (RuntimeException e) {
                    LOG.error("node {}: a fault of our own while evicting", facts.node(), e);
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Says how the node is, if that is another than before. */
    private void examine(Health.Left measured) {
        examining.lock();
        try {
            Health now = health.next(measured, reach.trouble(), clock.instant());
            if (now.sameAs(health)) {
                return;
            }
            Health before = health;
            health = now;
            try {
                controlPlane.introduce(introduction());
            } catch (RuntimeException e) {
                // Said again at the next look, or when the link is back.
                health = before;
                LOG.warn("node {}: its condition was not told: {}", facts.node(), e.toString());
            }
        } finally {
            examining.unlock();
        }
    }

    /** Says it of the node at once; its readiness follows when it lasts. */
    private void runtimeChanged(boolean warning, String reason, String message) {
        LOG.warn("node {}: {}", facts.node(), message);
        note(warning, reason, message);
        if (!warning) {
            Thread.ofVirtual().name("examine-" + settings.node()).start(() -> examine(left.get()));
        }
    }

    private void renew() {
        try {
            controlPlane.renew(settings.node());
        } catch (RuntimeException e) {
            LOG.warn("node {}: its lease was not renewed: {}", facts.node(), e.toString());
        }
    }

    /** Hints at every pod that is not as its worker last saw it. */
    void resync() {
        Instant asked = clock.instant();
        try {
            Map<String, ObservedPod> real =
                    runtime.list().stream()
                            .collect(
                                    Collectors.toMap(
                                            pod -> pod.sandbox().podUid(), Function.identity()));
            workers.forEach((uid, worker) -> {
                if (!worker.observed().equals(Optional.ofNullable(real.get(uid.value())))) {
                    worker.hint();
                }
            });
            orphans.look(uid -> workers.containsKey(uid) || real.containsKey(uid.value()));
            reach.found();
        } catch (RuntimeFailure e) {
            LOG.debug(
                    "node {}: the runtime does not say what runs: {}", facts.node(), e.toString());
            reach.lost(String.valueOf(e.getMessage()), asked);
        }
    }

    /**
     * Writes the output of a pod's container.
     *
     * @param previous whether the attempt before the current one is meant
     * @throws LogsUnavailable if the pod is not here or the container has not run; nothing was
     *     written
     * @throws RuntimeFailure if the runtime cannot give them
     */
    public void logs(
            ResourceKey pod,
            Uid uid,
            String container,
            boolean previous,
            LogOptions options,
            OutputStream out)
            throws LogsUnavailable, RuntimeFailure {
        PodWorker worker = workers.get(uid);
        if (worker == null) {
            throw new LogsUnavailable(
                    "pod "
                            + pod.namespace()
                            + "/"
                            + pod.name()
                            + " is not on node "
                            + facts.node());
        }
        String id = LogSource.containerId(pod, worker.views(), container, previous);
        runtime.logs(id, options, out);
    }

    /** Notes something about the node itself, for people; it waits for the control plane. */
    public void warn(String reason, String message) {
        note(true, reason, message);
    }

    private void note(boolean warning, String reason, String message) {
        NodeName node = settings.node();
        reporter.tell(
                List.of(),
                List.of(
                        new Note(
                                ResourceKey.node(node),
                                // The control plane knows it better.
                                new Uid(node.value()),
                                warning,
                                reason,
                                message,
                                "kubelet",
                                node.value())));
    }

    /** Commands, terminals, ports and measurements of this node's pods. */
    public NodeSessions sessions() {
        return sessions;
    }

    /** Ends the supervision and removes every pod of this node from the machine. */
    public void purge() throws RuntimeFailure {
        close();
        runtime.purge();
    }

    /** Ends the supervision; pods keep running. What was seen is reported first. */
    @Override
    public void close() {
        if (closed.getCount() == 0) {
            return;
        }
        closed.countDown();
        connection.ifPresent(ControlPlane.Connection::close);
        watch.ifPresent(PodRuntime.Watch::close);
        workers.values().forEach(PodWorker::abandon);
        try {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            for (PodWorker worker : workers.values()) {
                worker.awaitEnd(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        reporter.close();
    }
}
