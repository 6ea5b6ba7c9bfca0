package dev.shiplog.node.runtime.simulated;

import dev.shiplog.node.runtime.ContainerSpec;
import dev.shiplog.node.runtime.ContainerStatus;
import dev.shiplog.node.runtime.ObservedPod;
import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.node.runtime.RuntimeFailure.Kind;
import dev.shiplog.node.runtime.SandboxSpec;
import dev.shiplog.node.runtime.SandboxStatus;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * The machine under simulated runtimes: it holds what runs, for as many nodes as like to share it,
 * and outlives the runtimes that come and go, as a real machine outlives a node's program.
 *
 * <p>Ids and addresses are counted, not drawn: the same calls give the same answers.
 */
public final class SimulatedHost {
    private static final int HOSTS_PER_BLOCK = 254;

    /** In real time; only a simulation whose time stands still gets here. */
    private static final Duration WAIT_LIMIT = Duration.ofHours(1);

    private final Timer timer;
    private final Duration startDelay;
    private final Function<ContainerSpec, Script> scripts;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, SortedMap<String, SimulatedPod>> nodes = new HashMap<>();
    private final Map<String, SimulatedPod> sandboxes = new HashMap<>();
    private final Map<String, SimulatedContainer> containers = new HashMap<>();
    private final List<BiConsumer<String, String>> listeners = new CopyOnWriteArrayList<>();
    private long ids;
    private int addresses;

    /**
     * @param startDelay how long a start takes; zero makes calls return at once, which a simulation
     *     on one thread needs
     * @param scripts what a container does; {@link Script#of} reads its command
     */
    public SimulatedHost(
            Timer timer, Duration startDelay, Function<ContainerSpec, Script> scripts) {
        this.timer = timer;
        this.startDelay = startDelay;
        this.scripts = scripts;
    }

    /** One whose containers do what their commands say. */
    public SimulatedHost(Timer timer, Duration startDelay) {
        this(timer, startDelay, Script::of);
    }

    Timer timer() {
        return timer;
    }

    SandboxStatus runSandbox(String node, SandboxSpec spec) {
        lock.lock();
        try {
            Map<String, SimulatedPod> pods = nodes.computeIfAbsent(node, _ -> new TreeMap<>());
            SimulatedPod pod =
                    pods.computeIfAbsent(
                            spec.podUid(), _ -> new SimulatedPod(node, newSandbox(spec)));
            sandboxes.put(pod.sandbox.id(), pod);
            return pod.sandbox;
        } finally {
            lock.unlock();
        }
    }

    private SandboxStatus newSandbox(SandboxSpec spec) {
        return new SandboxStatus(
                nextId("sandbox"),
                spec.podUid(),
                spec.namespace(),
                spec.podName(),
                true,
                spec.hostNetwork() ? "127.0.0.1" : nextAddress(),
                timer.now());
    }

    /** In 10.0.0.0/8, without the first and last of each block of 256. */
    private String nextAddress() {
        int n = addresses++;
        int block = n / HOSTS_PER_BLOCK;
        return "10.%d.%d.%d".formatted((block >> 8) & 0xff, block & 0xff, n % HOSTS_PER_BLOCK + 1);
    }

    private String nextId(String what) {
        return "simulated-%s-%08d".formatted(what, ++ids);
    }

    ContainerStatus start(SandboxStatus sandbox, ContainerSpec spec) throws RuntimeFailure {
        pause();
        SimulatedContainer made;
        lock.lock();
        try {
            SimulatedPod pod = sandboxes.get(sandbox.id());
            if (pod == null) {
                throw new RuntimeFailure(
                        Kind.OTHER, "starting container \"" + spec.name() + "\": no such sandbox");
            }
            Optional<SimulatedContainer> there = there(pod, spec);
            if (there.isPresent()) {
                return there.get().status();
            }
            made = make(pod, spec);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        tell(made.pod);
        if (made.script.noStart().isPresent()) {
            throw new RuntimeFailure(Kind.START_FAILED, made.script.noStart().get());
        }
        return play(made);
    }

    /** A real start takes its time in the calling thread. */
    private void pause() throws RuntimeFailure {
        if (startDelay.isZero()) {
            return;
        }
        CountDownLatch over = new CountDownLatch(1);
        timer.after(startDelay, over::countDown);
        try {
            if (!over.await(WAIT_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new RuntimeFailure(Kind.UNAVAILABLE, "simulated time stands still");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new RuntimeFailure(Kind.OTHER, "starting a container: interrupted");
        }
    }

    private static Optional<SimulatedContainer> there(SimulatedPod pod, ContainerSpec spec)
            throws RuntimeFailure {
        for (SimulatedContainer other : pod.containers) {
            if (!other.spec.name().equals(spec.name())) {
                continue;
            }
            if (other.spec.attempt() == spec.attempt()) {
                return Optional.of(other);
            }
            if (other.live()) {
                throw new RuntimeFailure(
                        Kind.INVALID_SPEC,
                        "starting container \"%s\": attempt %d still runs"
                                .formatted(spec.name(), other.spec.attempt()));
            }
        }
        return Optional.empty();
    }

    private SimulatedContainer make(SimulatedPod pod, ContainerSpec spec) throws RuntimeFailure {
        String imageId =
                SimulatedImages.id(spec.image())
                        .orElseThrow(() ->
                                new RuntimeFailure(
                                        Kind.IMAGE_NOT_FOUND, "no such image: " + spec.image()));
        Script script = scripts.apply(spec);
        boolean starts = script.noStart().isEmpty();
        var made =
                new SimulatedContainer(
                        nextId("container"),
                        pod,
                        spec,
                        script,
                        imageId,
                        starts ? Optional.of(timer.now()) : Optional.empty());
        if (!starts) {
            made.end(127, false, timer.now(), script.noStart().orElse(""));
        }
        pod.containers.add(made);
        containers.put(made.id, made);
        return made;
    }

    private ContainerStatus play(SimulatedContainer container) {
        for (Script.Step step : container.script.steps()) {
            if (step.delay().isZero()) {
                perform(container, step);
            } else {
                timer.after(step.delay(), () -> perform(container, step));
            }
        }
        return status(container);
    }

    private ContainerStatus status(SimulatedContainer container) {
        lock.lock();
        try {
            return container.status();
        } finally {
            lock.unlock();
        }
    }

    private void perform(SimulatedContainer container, Script.Step step) {
        boolean ends;
        lock.lock();
        try {
            if (!container.live() || !containers.containsKey(container.id)) {
                return;
            }
            switch (step) {
                case Script.Step.Print print -> container.print(print.line(), timer.now());
                case Script.Step.Status status -> container.answers = status.code();
                case Script.Step.Exit exit ->
                        container.end(exit.code(), exit.oomKilled(), timer.now(), "");
            }
            ends = !container.live();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (ends) {
            tell(container.pod);
        }
    }

    /** One that ignores SIGTERM ends when the grace is over; others end at once. */
    ContainerStatus stop(String id, Duration grace) throws RuntimeFailure {
        SimulatedContainer container = container(id);
        if (grace.isZero() || !container.script.deaf()) {
            endNow(container, grace.isZero() ? 137 : 0);
            return status(container);
        }
        timer.after(grace, () -> endNow(container, 137));
        return awaitEnd(container);
    }

    private void endNow(SimulatedContainer container, int code) {
        perform(container, new Script.Step.Exit(code, false, Duration.ZERO));
    }

    private ContainerStatus awaitEnd(SimulatedContainer container) throws RuntimeFailure {
        lock.lock();
        try {
            long left = WAIT_LIMIT.toNanos();
            while (container.live()) {
                if (left <= 0) {
                    throw new RuntimeFailure(Kind.UNAVAILABLE, "simulated time stands still");
                }
                left = changed.awaitNanos(left);
            }
            return container.status();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new RuntimeFailure(Kind.OTHER, "stopping a container: interrupted");
        } finally {
            lock.unlock();
        }
    }

    /** A container ends as if by itself: for tests and fault injection. */
    public void end(String containerId, int exitCode) throws RuntimeFailure {
        endNow(container(containerId), exitCode);
    }

    SimulatedContainer container(String id) throws RuntimeFailure {
        lock.lock();
        try {
            SimulatedContainer container = containers.get(id);
            if (container == null) {
                throw new RuntimeFailure(Kind.OTHER, "there is no container " + id);
            }
            return container;
        } finally {
            lock.unlock();
        }
    }

    void removeContainer(String id) throws RuntimeFailure {
        lock.lock();
        try {
            SimulatedContainer container = containers.get(id);
            if (container == null) {
                return;
            }
            if (container.live()) {
                throw new RuntimeFailure(Kind.OTHER, "container " + id + " still runs");
            }
            containers.remove(id);
            container.pod.containers.remove(container);
        } finally {
            lock.unlock();
        }
    }

    void removeSandbox(String id) {
        lock.lock();
        try {
            Optional.ofNullable(sandboxes.get(id)).ifPresent(this::remove);
        } finally {
            lock.unlock();
        }
    }

    private void remove(SimulatedPod pod) {
        for (SimulatedContainer container : pod.containers) {
            container.end(137, false, timer.now(), "");
            containers.remove(container.id);
        }
        sandboxes.remove(pod.sandbox.id());
        pods(pod.node).remove(pod.sandbox.podUid());
        changed.signalAll();
    }

    private SortedMap<String, SimulatedPod> pods(String node) {
        return nodes.getOrDefault(node, new TreeMap<>());
    }

    void purge(String node) {
        lock.lock();
        try {
            List.copyOf(pods(node).values()).forEach(this::remove);
            nodes.remove(node);
        } finally {
            lock.unlock();
        }
    }

    /** By pod uid. */
    List<ObservedPod> list(String node) {
        lock.lock();
        try {
            return pods(node).values().stream().map(SimulatedPod::observed).toList();
        } finally {
            lock.unlock();
        }
    }

    Optional<ObservedPod> pod(String node, String uid) {
        lock.lock();
        try {
            return Optional.ofNullable(pods(node).get(uid)).map(SimulatedPod::observed);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Copies the lines from a number on; waits for more while there are none and the container
     * lives, if asked to.
     */
    List<SimulatedContainer.Line> lines(SimulatedContainer container, int from, boolean wait)
            throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (wait && container.lines.size() <= from && container.live()) {
                changed.await();
            }
            int first = Math.min(from, container.lines.size());
            return List.copyOf(container.lines.subList(first, container.lines.size()));
        } finally {
            lock.unlock();
        }
    }

    /** Waits until a container has ended, and gives its exit code. */
    int awaitExit(SimulatedContainer container) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (container.live()) {
                changed.await();
            }
            return container.status().ended().orElseThrow().exitCode();
        } finally {
            lock.unlock();
        }
    }

    /** A container that runs. */
    SimulatedContainer running(String id) throws RuntimeFailure {
        lock.lock();
        try {
            SimulatedContainer container = containers.get(id);
            if (container == null || !container.live()) {
                throw new RuntimeFailure(Kind.NOT_RUNNING, "container " + id + " is not running");
            }
            return container;
        } finally {
            lock.unlock();
        }
    }

    /** Whether some container of a sandbox listens there. */
    boolean listens(String sandboxId, int port) throws RuntimeFailure {
        lock.lock();
        try {
            SimulatedPod pod = sandboxes.get(sandboxId);
            if (pod == null) {
                throw new RuntimeFailure(
                        Kind.NOT_RUNNING, "sandbox " + sandboxId + " does not run");
            }
            return pod.containers.stream()
                    .filter(SimulatedContainer::live)
                    .anyMatch(container -> container.script.ports().contains(port));
        } finally {
            lock.unlock();
        }
    }

    /** The status with which a container's pod answers at a port; empty if nothing listens. */
    Optional<Integer> answers(String containerId, int port) throws RuntimeFailure {
        lock.lock();
        try {
            return running(containerId).pod.containers.stream()
                    .filter(SimulatedContainer::live)
                    .filter(container -> container.script.ports().contains(port))
                    .map(container -> container.answers)
                    .findFirst();
        } finally {
            lock.unlock();
        }
    }

    void listen(BiConsumer<String, String> listener) {
        listeners.add(listener);
    }

    void unlisten(BiConsumer<String, String> listener) {
        listeners.remove(listener);
    }

    private void tell(SimulatedPod pod) {
        String uid = pod.sandbox.podUid();
        listeners.forEach(listener -> listener.accept(pod.node, uid));
    }

    /** How many containers are alive, for tests of scale. */
    public int liveContainers() {
        lock.lock();
        try {
            return (int) containers.values().stream().filter(SimulatedContainer::live).count();
        } finally {
            lock.unlock();
        }
    }
}
