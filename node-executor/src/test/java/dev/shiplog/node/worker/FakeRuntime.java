package dev.shiplog.node.worker;

import dev.shiplog.node.runtime.ContainerSpec;
import dev.shiplog.node.runtime.ContainerStatus;
import dev.shiplog.node.runtime.LogOptions;
import dev.shiplog.node.runtime.ObservedPod;
import dev.shiplog.node.runtime.PodConnection;
import dev.shiplog.node.runtime.PodRuntime;
import dev.shiplog.node.runtime.PullProgress;
import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.node.runtime.RuntimeInfo;
import dev.shiplog.node.runtime.SandboxSpec;
import dev.shiplog.node.runtime.SandboxStatus;
import dev.shiplog.node.runtime.Terminal;
import dev.shiplog.node.runtime.Usage;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A runtime whose containers do what a test says, when it says so. Time is the test's; ids count up
 * from 1; every call that changes something is told to a log.
 */
public final class FakeRuntime implements PodRuntime {
    private final Supplier<Instant> clock;
    private final Consumer<String> log;
    private final Map<String, SandboxStatus> sandboxes = new LinkedHashMap<>();
    private final Map<String, Map<String, ContainerStatus>> containers = new LinkedHashMap<>();
    private final TreeSet<String> images = new TreeSet<>();
    private final Map<String, Deque<RuntimeFailure>> failures = new HashMap<>();
    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
    private int made;

    public FakeRuntime(Supplier<Instant> clock, Consumer<String> log) {
        this.clock = clock;
        this.log = log;
    }

    public synchronized void addImage(String image) {
        images.add(image);
    }

    /** The next call of that name fails. */
    public synchronized void failNext(String call, RuntimeFailure.Kind kind, String message) {
        failures.computeIfAbsent(call, _ -> new ArrayDeque<>())
                .add(new RuntimeFailure(kind, message));
    }

    /** The newest attempt of a container ends by itself. */
    public synchronized void exit(String podUid, String container, int code) {
        ContainerStatus newest = newest(podUid, container);
        put(podUid, ended(newest, code, false));
        listeners.forEach(listener -> listener.accept(podUid));
    }

    public synchronized void outOfMemory(String podUid, String container) {
        put(podUid, ended(newest(podUid, container), 137, true));
    }

    /** Somebody removed a container behind our back. */
    public synchronized void lose(String podUid, String container) {
        of(podUid).remove(newest(podUid, container).id());
    }

    /** Somebody killed the sandbox, and everything in it died. */
    public synchronized void killSandbox(String podUid) {
        SandboxStatus s = Objects.requireNonNull(sandboxes.get(podUid), podUid);
        sandboxes.put(
                podUid,
                new SandboxStatus(
                        s.id(), podUid, s.namespace(), s.podName(), false, "", s.created()));
        for (ContainerStatus container : List.copyOf(of(podUid).values())) {
            if (container.running()) {
                put(podUid, ended(container, 137, false));
            }
        }
    }

    /** Somebody removed a pod behind our back. */
    public synchronized void losePod(String podUid) {
        sandboxes.remove(podUid);
        containers.remove(podUid);
    }

    private ContainerStatus newest(String podUid, String container) {
        return of(podUid).values().stream()
                .filter(c -> c.name().equals(container))
                .max(Comparator.comparingInt(ContainerStatus::attempt))
                .orElseThrow();
    }

    private ContainerStatus ended(ContainerStatus c, int code, boolean oom) {
        return new ContainerStatus(
                c.id(),
                c.name(),
                c.attempt(),
                c.image(),
                c.imageId(),
                c.started(),
                Optional.of(new ContainerStatus.Ended(code, oom, clock.get(), "")));
    }

    private Map<String, ContainerStatus> of(String podUid) {
        return containers.computeIfAbsent(podUid, _ -> new LinkedHashMap<>());
    }

    private void put(String podUid, ContainerStatus container) {
        of(podUid).put(container.id(), container);
    }

    private void failIfTold(String call) throws RuntimeFailure {
        Deque<RuntimeFailure> waiting = failures.getOrDefault(call, new ArrayDeque<>());
        if (!waiting.isEmpty()) {
            throw waiting.removeFirst();
        }
    }

    @Override
    public String name() {
        return "fake";
    }

    @Override
    public RuntimeInfo info() {
        return new RuntimeInfo("fake://1", List.of());
    }

    @Override
    public synchronized Optional<String> imageId(String image) throws RuntimeFailure {
        failIfTold("imageId");
        return images.contains(image) ? Optional.of("sha256:" + image) : Optional.empty();
    }

    @Override
    public synchronized String pull(String image, Consumer<PullProgress> progress)
            throws RuntimeFailure {
        log.accept("pull " + image);
        failIfTold("pull");
        images.add(image);
        return "sha256:" + image;
    }

    @Override
    public synchronized SandboxStatus runSandbox(SandboxSpec spec) throws RuntimeFailure {
        log.accept("runSandbox " + spec.podName() + " hostname=" + spec.hostname());
        failIfTold("runSandbox");
        SandboxStatus before = sandboxes.get(spec.podUid());
        if (before != null && before.running()) {
            return before;
        }
        int number = ++made;
        SandboxStatus sandbox =
                new SandboxStatus(
                        "s" + number,
                        spec.podUid(),
                        spec.namespace(),
                        spec.podName(),
                        true,
                        "10.0.0." + number,
                        clock.get());
        sandboxes.put(spec.podUid(), sandbox);
        return sandbox;
    }

    @Override
    public synchronized ContainerStatus startContainer(SandboxStatus sandbox, ContainerSpec spec)
            throws RuntimeFailure {
        log.accept(
                "start "
                        + spec.name()
                        + "#"
                        + spec.attempt()
                        + " in "
                        + sandbox.id()
                        + (spec.command().isEmpty() ? "" : " command=" + spec.command())
                        + (spec.args().isEmpty() ? "" : " args=" + spec.args())
                        + (spec.env().size() > 1 ? " env=" + spec.env() : ""));
        failIfTold("start");
        ContainerStatus container =
                new ContainerStatus(
                        "c" + ++made,
                        spec.name(),
                        spec.attempt(),
                        spec.image(),
                        "sha256:" + spec.image(),
                        Optional.of(clock.get()),
                        Optional.empty());
        put(sandbox.podUid(), container);
        return container;
    }

    @Override
    public synchronized ContainerStatus stopContainer(String containerId, Duration grace)
            throws RuntimeFailure {
        log.accept("stop " + containerId + " grace=" + grace.toSeconds() + "s");
        failIfTold("stop");
        for (Map.Entry<String, Map<String, ContainerStatus>> pod : containers.entrySet()) {
            ContainerStatus container = pod.getValue().get(containerId);
            if (container != null) {
                put(pod.getKey(), ended(container, 143, false));
                return Objects.requireNonNull(of(pod.getKey()).get(containerId));
            }
        }
        throw new RuntimeFailure(RuntimeFailure.Kind.OTHER, "no container " + containerId);
    }

    @Override
    public synchronized void removeContainer(String containerId) {
        log.accept("remove " + containerId);
        containers.values().forEach(pod -> pod.remove(containerId));
    }

    @Override
    public synchronized void removeSandbox(String sandboxId) throws RuntimeFailure {
        log.accept("removeSandbox " + sandboxId);
        failIfTold("removeSandbox");
        sandboxes.values().stream()
                .filter(s -> s.id().equals(sandboxId))
                .map(SandboxStatus::podUid)
                .findFirst()
                .ifPresent(this::losePod);
    }

    @Override
    public synchronized List<ObservedPod> list() {
        return sandboxes.keySet().stream().map(uid -> find(uid).orElseThrow()).toList();
    }

    @Override
    public synchronized Optional<ObservedPod> pod(String podUid) throws RuntimeFailure {
        failIfTold("pod");
        return find(podUid);
    }

    private Optional<ObservedPod> find(String podUid) {
        List<ContainerStatus> sorted = new ArrayList<>(of(podUid).values());
        sorted.sort(
                Comparator.comparing(ContainerStatus::name)
                        .thenComparingInt(ContainerStatus::attempt));
        return Optional.ofNullable(sandboxes.get(podUid)).map(s -> new ObservedPod(s, sorted));
    }

    @Override
    public synchronized Watch watch(Consumer<String> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public void logs(String containerId, LogOptions options, OutputStream out) {
        try {
            out.write(("log of " + containerId + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public int exec(String containerId, List<String> command, Terminal terminal) {
        throw new UnsupportedOperationException("nothing runs in a fake's containers");
    }

    @Override
    public int attach(String containerId, Terminal terminal) {
        throw new UnsupportedOperationException("nothing runs in a fake's containers");
    }

    @Override
    public PodConnection connect(String sandboxId, int port) {
        throw new UnsupportedOperationException("nothing runs in a fake's containers");
    }

    @Override
    public Optional<Usage> usage(String containerId) {
        return Optional.empty();
    }

    @Override
    public synchronized void purge() {
        sandboxes.clear();
        containers.clear();
    }

    @Override
    public void close() {}
}
