package dev.shiplog.node.agent;

import dev.shiplog.node.agent.SessionRefused.Reason;
import dev.shiplog.node.plan.ContainerView;
import dev.shiplog.node.runtime.ContainerStatus;
import dev.shiplog.node.runtime.ObservedPod;
import dev.shiplog.node.runtime.PodConnection;
import dev.shiplog.node.runtime.PodRuntime;
import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.node.runtime.SandboxStatus;
import dev.shiplog.node.runtime.Terminal;
import dev.shiplog.node.runtime.Usage;
import dev.shiplog.node.worker.PodWorker;
import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * Sessions of clients with the processes of a node's pods: commands, terminals, ports, and what
 * they use.
 *
 * <p>Invariant: at most {@link #MOST_AT_ONCE} at once, so that clients cannot take the machine from
 * the pods.
 */
public final class NodeSessions {
    /** Commands, terminals and connections of one node, all together. */
    public static final int MOST_AT_ONCE = 256;

    /** Measuring all of a pod's containers may take so long. */
    static final long MEASURE_SECONDS = 20;

    private final String node;
    private final PodRuntime runtime;
    private final Function<Uid, Optional<PodWorker>> workers;
    private final Semaphore free = new Semaphore(MOST_AT_ONCE);

    NodeSessions(String node, PodRuntime runtime, Function<Uid, Optional<PodWorker>> workers) {
        this.node = node;
        this.runtime = runtime;
        this.workers = workers;
    }

    /**
     * Runs a command in a container; blocks until it has ended. An interrupt ends it.
     *
     * @return its exit code
     */
    public int exec(
            ResourceKey pod, Uid uid, String container, List<String> command, Terminal terminal)
            throws SessionRefused, InterruptedException {
        String id = running(pod, uid, container);
        return inTurn(() -> runtime.exec(id, command, terminal));
    }

    /**
     * Attaches to a container's own process; blocks until it has ended. An interrupt detaches.
     *
     * @return its exit code
     */
    public int attach(ResourceKey pod, Uid uid, String container, Terminal terminal)
            throws SessionRefused, InterruptedException {
        String id = running(pod, uid, container);
        return inTurn(() -> runtime.attach(id, terminal));
    }

    /** Connects to a port of a pod. The connection counts as a session until it is closed. */
    public PodConnection connect(ResourceKey pod, Uid uid, int port)
            throws SessionRefused, InterruptedException {
        SandboxStatus sandbox =
                worker(pod, uid)
                        .observed()
                        .map(ObservedPod::sandbox)
                        .filter(SandboxStatus::running)
                        .orElseThrow(() ->
                                new SessionRefused(
                                        Reason.NOT_RUNNING,
                                        "unable to forward port because pod is not running: "
                                                + name(pod)));
        enter();
        boolean connected = false;
        try {
            PodConnection connection = runtime.connect(sandbox.id(), port);
            connected = true;
            return new Counted(connection, free);
        } catch (RuntimeFailure failure) {
            throw refused(failure);
        } finally {
            if (!connected) {
                free.release();
            }
        }
    }

    /** By container, of those that run and are measured; empty if the pod does not run here. */
    public SortedMap<String, Usage> usage(ResourceKey pod, Uid uid)
            throws SessionRefused, InterruptedException {
        List<ContainerStatus> running =
                worker(pod, uid).observed().map(ObservedPod::containers).orElse(List.of()).stream()
                        .filter(ContainerStatus::running)
                        .toList();
        SortedMap<String, Usage> usages = new TreeMap<>();
        // Each measures for about a second: side by side, so that all take no longer.
        ExecutorService each = Executors.newVirtualThreadPerTaskExecutor();
        try {
            Map<String, Future<Optional<Usage>>> measured = new TreeMap<>();
            for (ContainerStatus container : running) {
                measured.put(container.name(), each.submit(() -> runtime.usage(container.id())));
            }
            for (Map.Entry<String, Future<Optional<Usage>>> one : measured.entrySet()) {
                one.getValue()
                        .get(MEASURE_SECONDS, TimeUnit.SECONDS)
                        .ifPresent(usage -> usages.put(one.getKey(), usage));
            }
            return usages;
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeFailure failure) {
                throw refused(failure);
            }
            throw new IllegalStateException("measuring " + pod, failed);
        } catch (TimeoutException late) {
            throw new SessionRefused(
                    Reason.FAILED,
                    "expected the runtime to measure "
                            + name(pod)
                            + " within "
                            + MEASURE_SECONDS
                            + " s");
        } finally {
            each.shutdownNow();
        }
    }

    private interface Talk {
        int run() throws RuntimeFailure, InterruptedException;
    }

    private int inTurn(Talk talk) throws SessionRefused, InterruptedException {
        enter();
        try {
            return talk.run();
        } catch (RuntimeFailure failure) {
            throw refused(failure);
        } finally {
            free.release();
        }
    }

    private void enter() throws SessionRefused {
        if (!free.tryAcquire()) {
            throw new SessionRefused(
                    Reason.TOO_MANY,
                    "node "
                            + node
                            + " has "
                            + MOST_AT_ONCE
                            + " sessions (exec, attach, port-forward), which is the most it may"
                            + " have; try again when one has ended");
        }
    }

    private PodWorker worker(ResourceKey pod, Uid uid) throws SessionRefused {
        return workers.apply(uid)
                .orElseThrow(() ->
                        new SessionRefused(
                                Reason.NOT_FOUND, "pod " + name(pod) + " is not on node " + node));
    }

    private String running(ResourceKey pod, Uid uid, String container) throws SessionRefused {
        PodWorker worker = worker(pod, uid);
        ContainerView view =
                worker.views().stream()
                        .filter(v -> v.name().equals(container))
                        .findFirst()
                        .orElseThrow(() ->
                                new SessionRefused(
                                        Reason.NOT_FOUND,
                                        "container "
                                                + container
                                                + " is not valid for pod "
                                                + pod.name()));
        if (!view.running()) {
            throw new SessionRefused(
                    Reason.NOT_RUNNING,
                    "container not found (\""
                            + container
                            + "\"): it is not running in pod "
                            + name(pod));
        }
        return view.containerId();
    }

    private static String name(ResourceKey pod) {
        return pod.namespace() + "/" + pod.name();
    }

    private static SessionRefused refused(RuntimeFailure failure) {
        Reason reason =
                switch (failure.kind()) {
                    case NOT_RUNNING -> Reason.NOT_RUNNING;
                    case START_FAILED -> Reason.NOT_STARTED;
                    case REFUSED -> Reason.NOT_LISTENING;
                    case IMAGE_NOT_FOUND,
                            REGISTRY_UNREACHABLE,
                            INVALID_IMAGE_NAME,
                            INVALID_SPEC,
                            UNAVAILABLE,
                            OTHER ->
                            Reason.FAILED;
                };
        return new SessionRefused(reason, String.valueOf(failure.getMessage()), failure);
    }

    /** A connection that gives its place back when it is closed, once. */
    private static final class Counted implements PodConnection {
        private final PodConnection connection;
        private final Semaphore free;
        private final AtomicBoolean closed = new AtomicBoolean();

        Counted(PodConnection connection, Semaphore free) {
            this.connection = connection;
            this.free = free;
        }

        @Override
        public InputStream in() {
            return connection.in();
        }

        @Override
        public OutputStream out() {
            return connection.out();
        }

        @Override
        public void endOutput() throws IOException {
            connection.endOutput();
        }

        @Override
        public void close() throws IOException {
            if (closed.compareAndSet(false, true)) {
                free.release();
                connection.close();
            }
        }
    }
}
