package dev.shiplog.node.runtime.docker;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.Version;

import dev.shiplog.node.image.Registries;
import dev.shiplog.node.network.pod.PodNetwork;
import dev.shiplog.node.runtime.BusyboxImage;
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

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/**
 * Pods on a Docker Engine.
 *
 * <p>What belongs to this cluster and node carries their labels; names are made of pod uid,
 * container name and attempt, so the Engine itself refuses a second container of one attempt.
 */
public final class DockerRuntime implements PodRuntime {
    private static final int REMOVE_ROUNDS = 5;

    private final Engine engine;
    private final Owner owner;
    private final Images images;
    private final EngineNetwork network;
    private final Sandboxes sandboxes;
    private final Containers containers;
    private final DockerPods pods;
    private final ContainerSessions sessions;
    private final PodPorts ports;
    private final ContainerUsage usage;
    private final Optional<NodePlugs> plugs;
    private final String networking;
    private final KeyedLocks locks = new KeyedLocks();

    private DockerRuntime(
            Engine engine,
            String cluster,
            String node,
            Registries registries,
            Optional<PodNetwork> podNetwork) {
        this.engine = engine;
        this.owner = new Owner(cluster, node);
        this.images = new Images(engine, registries);
        this.network = new EngineNetwork(engine, owner);
        Optional<String> objection =
                podNetwork.isEmpty() ? Optional.of("") : NodePlugs.objection(engine);
        this.plugs = objection.isPresent() ? Optional.empty() : podNetwork.map(NodePlugs::new);
        this.networking =
                plugs.map(NodePlugs::describe)
                        .orElseGet(() ->
                                "pod network "
                                        + owner.network()
                                        + objection
                                                .filter(reason -> !reason.isEmpty())
                                                .map(reason -> "; " + reason)
                                                .orElse(""));
        this.sandboxes = new Sandboxes(engine, owner, images, network, plugs);
        this.containers = new Containers(engine, owner);
        this.sessions = new ContainerSessions(engine, containers);
        this.ports = new PodPorts(containers, sandboxes);
        this.usage = new ContainerUsage(engine, containers);
        this.pods = new DockerPods(engine, owner, containers, sandboxes);
    }

    /**
     * A runtime on the Engine that {@code DOCKER_HOST}, the chosen Docker context or the usual
     * socket names. Whether it answers is not asked: see {@link EngineProbe}.
     *
     * @param cluster lower-case letters, digits and hyphens, at most 63
     * @param node the node whose pods these are
     */
    public static DockerRuntime open(String cluster, String node) {
        return new DockerRuntime(
                Engine.fromEnvironment(), cluster, node, Registries.NONE, Optional.empty());
    }

    /**
     * As {@link #open(String, String)}, with the pods on the node's own network where the Engine's
     * processes are this machine's, which is asked; else on a network of the Engine's.
     *
     * @param registries where images are fetched that the Engine would fetch from elsewhere, or not
     *     at all; it does not know of these: this program fetches such images and gives them to it
     */
    public static DockerRuntime open(
            String cluster, String node, Registries registries, PodNetwork network) {
        return new DockerRuntime(
                Engine.fromEnvironment(), cluster, node, registries, Optional.of(network));
    }

    /** Whether pods are on the node's own network. */
    public boolean plugs() {
        return plugs.isPresent();
    }

    @Override
    public Optional<String> gateway() throws RuntimeFailure {
        return guard(
                "asking for the pods' gateway",
                () -> plugs.isPresent() ? Optional.of(plugs.get().gateway()) : Optional.empty());
    }

    /**
     * As {@link #open(String, String)}.
     *
     * @param registries where images are fetched that the Engine would fetch from elsewhere, or not
     *     at all
     */
    public static DockerRuntime open(String cluster, String node, Registries registries) {
        return new DockerRuntime(
                Engine.fromEnvironment(), cluster, node, registries, Optional.empty());
    }

    /** A runtime on the Engine at a given address, such as {@code unix:///var/run/docker.sock}. */
    public static DockerRuntime openAt(URI host, String cluster, String node) {
        return new DockerRuntime(Engine.at(host), cluster, node, Registries.NONE, Optional.empty());
    }

    @Override
    public String name() {
        return "docker";
    }

    @Override
    public RuntimeInfo info() {
        try {
            Version version =
                    engine.ask(
                            "asking for the Engine's version",
                            () -> engine.client().versionCmd().exec());
            return new RuntimeInfo(
                    "docker://" + version.getVersion(),
                    List.of(
                            "Docker Engine %s (API %s, %s/%s, kernel %s) at %s"
                                    .formatted(
                                            version.getVersion(),
                                            version.getApiVersion(),
                                            version.getOperatingSystem(),
                                            version.getArch(),
                                            version.getKernelVersion(),
                                            engine.host()),
                            networking));
        } catch (RuntimeFailure | DockerException failure) {
            return new RuntimeInfo(
                    "docker://unknown",
                    List.of(Optional.ofNullable(failure.getMessage()).orElse("")));
        }
    }

    @Override
    public Optional<String> imageId(String image) throws RuntimeFailure {
        return guard("looking for image \"" + image + "\"", () -> images.id(image));
    }

    @Override
    public String pull(String image, Consumer<PullProgress> progress) throws RuntimeFailure {
        return pull(image, List.of(), progress);
    }

    @Override
    public String pull(String image, List<RegistryLogin> logins, Consumer<PullProgress> progress)
            throws RuntimeFailure {
        return guard("pulling image \"" + image + "\"", () -> images.pull(image, logins, progress));
    }

    /**
     * Makes an image out of one statically linked busybox program, for an Engine that no registry
     * answers.
     *
     * @param image the name it gets, with a tag
     * @return its content id, the same for the same program
     */
    public String buildBusybox(String image, Path busybox) throws RuntimeFailure {
        ImageName.parse(image);
        return guard(
                "building image \"" + image + "\"",
                () -> {
                    ByteArrayOutputStream layer = new ByteArrayOutputStream();
                    BusyboxImage.rootfsTar(busybox, layer);
                    return images.load(
                            new LoadableImage(
                                    image,
                                    images.architecture(),
                                    BusyboxImage.COMMAND,
                                    layer.toByteArray()));
                });
    }

    @Override
    public SandboxStatus runSandbox(SandboxSpec spec) throws RuntimeFailure {
        return guard(
                "starting a sandbox",
                () -> {
                    adopt();
                    try (var _ = locks.hold(spec.podUid())) {
                        return sandboxes.run(spec);
                    }
                });
    }

    @Override
    public ContainerStatus startContainer(SandboxStatus sandbox, ContainerSpec spec)
            throws RuntimeFailure {
        return guard(
                "starting container \"" + spec.name() + "\"",
                () -> {
                    try (var _ = locks.hold(sandbox.podUid() + "/" + spec.name())) {
                        return containers.start(sandbox, spec);
                    }
                });
    }

    @Override
    public ContainerStatus stopContainer(String containerId, Duration grace) throws RuntimeFailure {
        return guard(
                "stopping container " + containerId, () -> containers.stop(containerId, grace));
    }

    @Override
    public void removeContainer(String containerId) throws RuntimeFailure {
        guard(
                "removing container " + containerId,
                () -> {
                    containers.remove(containerId);
                    return true;
                });
    }

    @Override
    public void removeSandbox(String sandboxId) throws RuntimeFailure {
        guard(
                "removing sandbox " + sandboxId,
                () -> {
                    adopt();
                    Optional<String> uid = podUid(sandboxId);
                    if (uid.isPresent()) {
                        try (var _ = locks.hold(uid.get())) {
                            removeAll(owner.labels(uid.get()));
                        }
                    }
                    return true;
                });
    }

    /** Takes up the cables of sandboxes that an earlier program started. */
    private void adopt() throws RuntimeFailure, IOException {
        if (plugs.isPresent() && plugs.get().strange()) {
            plugs.get().adopt(pods.sandboxes());
        }
    }

    private Optional<String> podUid(String sandboxId) throws RuntimeFailure {
        if (sandboxId.startsWith(DockerPods.GONE)) {
            return Optional.of(sandboxId.substring(DockerPods.GONE.length()));
        }
        Optional<InspectContainerResponse> seen = containers.inspect(sandboxId);
        return seen.map(sandbox -> Observation.labels(sandbox).get(Owner.POD_UID));
    }

    /**
     * Removes containers first and sandboxes last: a sandbox is the sign that there is more to do.
     * Again until nothing is found, as a start under way may add one.
     */
    private void removeAll(Map<String, String> labels) throws RuntimeFailure, IOException {
        for (int round = 0; round < REMOVE_ROUNDS; round++) {
            List<Container> found = pods.containers(labels);
            if (found.isEmpty()) {
                return;
            }
            for (Container container : found) {
                if (!Observation.isSandbox(container.getLabels())) {
                    containers.removeByForce(container.getId());
                }
            }
            for (Container container : found) {
                if (Observation.isSandbox(container.getLabels())) {
                    if (plugs.isPresent()) {
                        plugs.get().unplug(container.getId(), container.getLabels());
                    }
                    containers.removeByForce(container.getId());
                }
            }
        }
        throw new RuntimeFailure(
                Kind.OTHER,
                "expected all containers labelled %s to be gone after %d rounds of removal"
                        .formatted(labels, REMOVE_ROUNDS));
    }

    @Override
    public List<ObservedPod> list() throws RuntimeFailure {
        return guard(
                "listing pods",
                () -> {
                    adopt();
                    return pods.list();
                });
    }

    @Override
    public Optional<ObservedPod> pod(String podUid) throws RuntimeFailure {
        return guard("looking at pod " + podUid, () -> pods.pod(podUid));
    }

    @Override
    public Watch watch(Consumer<String> listener) {
        return watch(listener, Reach.UNHEARD);
    }

    @Override
    public Watch watch(Consumer<String> listener, Reach reach) {
        return new EventWatch(engine, owner, pods, listener, reach).begin();
    }

    @Override
    public void logs(String containerId, LogOptions options, OutputStream out)
            throws RuntimeFailure {
        new ContainerLogs(engine, options, out).read(containerId);
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
    public PodConnection connect(String sandboxId, int port)
            throws RuntimeFailure, InterruptedException {
        return ports.connect(sandboxId, port);
    }

    @Override
    public Optional<Usage> usage(String containerId) throws RuntimeFailure, InterruptedException {
        return usage.of(containerId);
    }

    @Override
    public Optional<Footprint> footprint(String containerId)
            throws RuntimeFailure, InterruptedException {
        return usage.footprint(containerId);
    }

    @Override
    public void purge() throws RuntimeFailure {
        guard(
                "purging",
                () -> {
                    removeAll(owner.labels());
                    network.remove();
                    if (plugs.isPresent()) {
                        plugs.get().purge();
                    }
                    images.removePause();
                    return true;
                });
    }

    @Override
    public void close() {
        engine.close();
    }

    /** The last word: nothing of the client library's gets past here. */
    private <T> T guard(String doing, Callable<T> call) throws RuntimeFailure {
        try {
            return call.call();
        } catch (RuntimeFailure failure) {
            throw failure;
        } catch (InterruptedException interrupted) {
            throw Engine.interrupted(doing);
        } catch (DockerException refused) {
            throw Failures.of(doing, refused);
        } catch (IOException unreadable) {
            throw new RuntimeFailure(
                    Kind.OTHER, doing + ": " + unreadable.getMessage(), unreadable);
        } catch (Exception other) {
            throw engine.failure(doing, other);
        }
    }
}
