package dev.shiplog.node.runtime.simulated;

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

import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * One node's view of a {@link SimulatedHost}. Closing it changes nothing on the host: a new one for
 * the same node finds what runs, as after a restart of the program.
 *
 * <p>Hints come on whichever thread makes things happen: the timer's or a caller's.
 */
public final class SimulatedRuntime implements PodRuntime {
    private final SimulatedHost host;
    private final String node;
    private final SimulatedSessions sessions;

    public SimulatedRuntime(SimulatedHost host, String node) {
        this.host = host;
        this.node = node;
        this.sessions = new SimulatedSessions(host);
    }

    @Override
    public String name() {
        return "simulated";
    }

    @Override
    public RuntimeInfo info() {
        return new RuntimeInfo(
                "simulated://1", List.of("no process runs: containers are entries in a table"));
    }

    @Override
    public Optional<String> imageId(String image) {
        return SimulatedImages.id(image);
    }

    @Override
    public String pull(String image, Consumer<PullProgress> progress) throws RuntimeFailure {
        String id = SimulatedImages.pull(image);
        progress.accept(new PullProgress(image, 1, 1));
        return id;
    }

    @Override
    public SandboxStatus runSandbox(SandboxSpec spec) {
        return host.runSandbox(node, spec);
    }

    @Override
    public ContainerStatus startContainer(SandboxStatus sandbox, ContainerSpec spec)
            throws RuntimeFailure {
        return host.start(sandbox, spec);
    }

    @Override
    public ContainerStatus stopContainer(String containerId, Duration grace) throws RuntimeFailure {
        return host.stop(containerId, grace);
    }

    @Override
    public void removeContainer(String containerId) throws RuntimeFailure {
        host.removeContainer(containerId);
    }

    @Override
    public void removeSandbox(String sandboxId) {
        host.removeSandbox(sandboxId);
    }

    @Override
    public List<ObservedPod> list() {
        return host.list(node);
    }

    @Override
    public Optional<ObservedPod> pod(String podUid) {
        return host.pod(node, podUid);
    }

    @Override
    public Watch watch(Consumer<String> listener) {
        BiConsumer<String, String> mine =
                (at, podUid) -> {
                    if (at.equals(node)) {
                        listener.accept(podUid);
                    }
                };
        host.listen(mine);
        return () -> host.unlisten(mine);
    }

    @Override
    public void logs(String containerId, LogOptions options, OutputStream out)
            throws RuntimeFailure {
        new SimulatedLogs(host, options, out).write(host.container(containerId));
    }

    @Override
    public int exec(String containerId, List<String> command, Terminal terminal)
            throws RuntimeFailure, InterruptedException {
        return sessions.exec(containerId, command, terminal);
    }

    @Override
    public int attach(String containerId, Terminal terminal)
            throws RuntimeFailure, InterruptedException {
        return sessions.attach(containerId, terminal);
    }

    @Override
    public PodConnection connect(String sandboxId, int port) throws RuntimeFailure {
        return sessions.connect(sandboxId, port);
    }

    @Override
    public Optional<Usage> usage(String containerId) {
        return sessions.usage(containerId);
    }

    @Override
    public void purge() {
        host.purge(node);
    }

    @Override
    public void close() {
        // Nothing is held: watches are closed by their owners.
    }
}
