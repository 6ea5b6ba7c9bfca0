package dev.shiplog.node.runtime.process;

import dev.shiplog.node.image.Image;
import dev.shiplog.node.image.ImageStore;
import dev.shiplog.node.image.Registries;
import dev.shiplog.node.network.pod.PodNetwork;
import dev.shiplog.node.runtime.ContainerSpec;
import dev.shiplog.node.runtime.ContainerStatus;
import dev.shiplog.node.runtime.Footprint;
import dev.shiplog.node.runtime.LogOptions;
import dev.shiplog.node.runtime.ObservedPod;
import dev.shiplog.node.runtime.PodConnection;
import dev.shiplog.node.runtime.PodRuntime;
import dev.shiplog.node.runtime.PullProgress;
import dev.shiplog.node.runtime.RegistryLogin;
import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.node.runtime.RuntimeFailure.Kind;
import dev.shiplog.node.runtime.RuntimeInfo;
import dev.shiplog.node.runtime.SandboxSpec;
import dev.shiplog.node.runtime.SandboxStatus;
import dev.shiplog.node.runtime.Terminal;
import dev.shiplog.node.runtime.Usage;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Pods as plain processes of this machine: no engine, no daemon. Needs Linux and root; {@link
 * #objection()} says whether it can work here.
 *
 * <p>Invariants: what is asked is on disk before it is done, what happens is on disk before it is
 * told, and nothing but the disk and the kernel is believed.
 */
public final class ProcessRuntime implements PodRuntime {
    private final ProcessParts parts;

    private ProcessRuntime(ProcessParts parts) {
        this.parts = parts;
    }

    /** How containers are run. */
    public enum Mode {
        /** By {@code crun} or {@code runc} if one passes a trial, else plain. */
        AUTO,
        /** Only by {@code crun}. */
        CRUN,
        /** Only by {@code runc}. */
        RUNC,
        /** Only by util-linux's programs. */
        PLAIN
    }

    /**
     * @param root directory for everything it keeps, images included; its own
     * @param network what its pods are plugged into; the cluster's and node's own
     * @param registries where images are fetched
     */
    public record Settings(Path root, PodNetwork network, Mode mode, Registries registries) {
        /** Every image from where its name says. */
        public Settings(Path root, PodNetwork network, Mode mode) {
            this(root, network, mode, Registries.NONE);
        }
    }

    /** Why this runtime cannot work on this machine; empty if it can. Takes a millisecond. */
    public static Optional<String> objection() {
        return ProcessProbe.objection();
    }

    /**
     * Opens it and finds what runs.
     *
     * @throws RuntimeFailure {@code UNAVAILABLE} when it cannot work here
     */
    public static ProcessRuntime open(Settings settings) throws RuntimeFailure {
        Optional<String> objection = objection();
        if (objection.isPresent()) {
            throw new RuntimeFailure(Kind.UNAVAILABLE, objection.get());
        }
        try {
            return new ProcessRuntime(ProcessParts.open(settings));
        } catch (IOException | IllegalArgumentException e) {
            throw new RuntimeFailure(
                    Kind.UNAVAILABLE, "the process runtime cannot start: " + e.getMessage(), e);
        }
    }

    /** Its images, for imports. */
    public ImageStore images() {
        return parts.images();
    }

    @Override
    public String name() {
        return "process";
    }

    @Override
    public RuntimeInfo info() {
        return parts.info();
    }

    @Override
    public Optional<String> imageId(String image) throws RuntimeFailure {
        return attempt(() -> parts.containers().find(image).map(Image::id));
    }

    @Override
    public String pull(String image, Consumer<PullProgress> progress) throws RuntimeFailure {
        return pull(image, List.of(), progress);
    }

    @Override
    public String pull(String image, List<RegistryLogin> logins, Consumer<PullProgress> progress)
            throws RuntimeFailure {
        return parts.images().pull(image, logins, progress).id();
    }

    @Override
    public SandboxStatus runSandbox(SandboxSpec spec) throws RuntimeFailure {
        return attempt(() -> {
            try (PodLocks.Held held = parts.locks().hold(spec.podUid())) {
                assert held != null;
                return parts.sandboxes().run(spec);
            }
        });
    }

    @Override
    public ContainerStatus startContainer(SandboxStatus sandbox, ContainerSpec spec)
            throws RuntimeFailure {
        return attempt(() -> {
            try (PodLocks.Held held = parts.locks().hold(sandbox.podUid())) {
                assert held != null;
                return parts.containers().start(running(sandbox.id()), spec);
            }
        });
    }

    private SandboxRecord running(String sandboxId) throws RuntimeFailure {
        return parts.sandboxes()
                .withId(sandboxId)
                .filter(sandbox -> parts.sandboxes().status(sandbox).running())
                .orElseThrow(() ->
                        new RuntimeFailure(Kind.OTHER, "sandbox " + sandboxId + " does not run"));
    }

    @Override
    public ContainerStatus stopContainer(String containerId, Duration grace) throws RuntimeFailure {
        return attempt(() -> parts.containers().stop(container(containerId), grace));
    }

    private ContainerRecord container(String id) throws RuntimeFailure {
        return parts.containers()
                .withId(id)
                .orElseThrow(() -> new RuntimeFailure(Kind.OTHER, "there is no container " + id));
    }

    @Override
    public void removeContainer(String containerId) throws RuntimeFailure {
        Optional<ContainerRecord> record = parts.containers().withId(containerId);
        if (record.isEmpty()) {
            return;
        }
        attempt(() -> {
            try (PodLocks.Held held = parts.locks().hold(record.get().podUid())) {
                assert held != null;
                if (parts.state().read(record.get()).ended().isEmpty()) {
                    throw new RuntimeFailure(
                            Kind.INVALID_SPEC,
                            "container " + containerId + " still runs: stop it first");
                }
                parts.containers().remove(record.get());
                return record;
            }
        });
    }

    @Override
    public void removeSandbox(String sandboxId) throws RuntimeFailure {
        Optional<SandboxRecord> sandbox = parts.sandboxes().withId(sandboxId);
        if (sandbox.isEmpty()) {
            return;
        }
        attempt(() -> {
            try (PodLocks.Held held = parts.locks().hold(sandbox.get().podUid())) {
                assert held != null;
                if (parts.sandboxes().withId(sandboxId).isPresent()) {
                    parts.containers().removeAll(sandbox.get());
                    parts.sandboxes().remove(sandbox.get());
                }
                return sandbox;
            }
        });
        parts.hints().tell(sandbox.get().podUid());
    }

    @Override
    public List<ObservedPod> list() throws RuntimeFailure {
        return attempt(() -> {
            List<ObservedPod> pods = new ArrayList<>();
            for (SandboxRecord sandbox : parts.sandboxes().all()) {
                pods.add(observe(sandbox));
            }
            return pods;
        });
    }

    @Override
    public Optional<ObservedPod> pod(String podUid) throws RuntimeFailure {
        Optional<SandboxRecord> sandbox = parts.sandboxes().ofPod(podUid);
        return sandbox.isEmpty()
                ? Optional.empty()
                : attempt(() -> Optional.of(observe(sandbox.get())));
    }

    private ObservedPod observe(SandboxRecord sandbox) throws IOException {
        List<ContainerStatus> containers = new ArrayList<>();
        for (ContainerRecord record : parts.containers().of(sandbox.id())) {
            containers.add(parts.state().read(record));
        }
        return new ObservedPod(parts.sandboxes().status(sandbox), containers);
    }

    @Override
    public Watch watch(Consumer<String> listener) {
        return parts.hints().add(listener);
    }

    @Override
    public void logs(String containerId, LogOptions options, OutputStream out)
            throws RuntimeFailure {
        ContainerRecord record = container(containerId);
        try {
            new LogReader(containerId, parts.layout(), parts.times(), parts.space(), options, out)
                    .run(
                            parts.hints().logs(),
                            () -> parts.state().read(record).ended().isPresent());
        } catch (ClosedByInterruptException | InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new RuntimeFailure(
                    Kind.OTHER,
                    "could not read the log of " + containerId + ": " + e.getMessage(),
                    e);
        }
    }

    @Override
    public int exec(String containerId, List<String> command, Terminal terminal)
            throws RuntimeFailure, InterruptedException {
        return parts.sessions().exec(containerId, command, terminal);
    }

    @Override
    public int attach(String containerId, Terminal terminal)
            throws RuntimeFailure, InterruptedException {
        return parts.sessions().attach(containerId, terminal);
    }

    @Override
    public PodConnection connect(String sandboxId, int port)
            throws RuntimeFailure, InterruptedException {
        return parts.ports().connect(sandboxId, port);
    }

    @Override
    public Optional<Usage> usage(String containerId) throws RuntimeFailure, InterruptedException {
        return parts.usage().of(containerId);
    }

    @Override
    public Optional<Footprint> footprint(String containerId) throws RuntimeFailure {
        return parts.usage().footprint(containerId, parts.layout());
    }

    @Override
    public Optional<String> gateway() throws RuntimeFailure {
        return attempt(() -> Optional.of(parts.gateway()));
    }

    @Override
    public void purge() throws RuntimeFailure {
        for (SandboxRecord sandbox : parts.sandboxes().all()) {
            removeSandbox(sandbox.id());
        }
        attempt(() -> {
            parts.purge();
            return Optional.empty();
        });
    }

    @Override
    public void close() {
        parts.hints().close();
    }

    private interface Call<T> {
        T call() throws IOException, RuntimeFailure, InterruptedException;
    }

    private static <T> T attempt(Call<T> call) throws RuntimeFailure {
        try {
            return call.call();
        } catch (IOException e) {
            throw new RuntimeFailure(Kind.OTHER, String.valueOf(e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RuntimeFailure(Kind.OTHER, "interrupted", e);
        }
    }
}
