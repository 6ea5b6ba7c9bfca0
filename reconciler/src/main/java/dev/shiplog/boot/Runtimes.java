package dev.shiplog.boot;

import dev.shiplog.node.image.ImageStore;
import dev.shiplog.node.network.NetworkNames;
import dev.shiplog.node.network.Subnet;
import dev.shiplog.node.network.ingress.ClusterIngress;
import dev.shiplog.node.network.nft.Nft;
import dev.shiplog.node.network.pod.PodNetwork;
import dev.shiplog.node.probe.NetworkProber;
import dev.shiplog.node.probe.Prober;
import dev.shiplog.node.runtime.ObservedPod;
import dev.shiplog.node.runtime.PodRuntime;
import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.node.runtime.docker.DockerRuntime;
import dev.shiplog.node.runtime.docker.EngineProbe;
import dev.shiplog.node.runtime.process.ProcessRuntime;
import dev.shiplog.node.runtime.simulated.SimulatedHost;
import dev.shiplog.node.runtime.simulated.SimulatedProber;
import dev.shiplog.node.runtime.simulated.SimulatedRuntime;
import dev.shiplog.node.runtime.simulated.Timer;
import dev.shiplog.node.volume.DiskVolumes;
import dev.shiplog.node.volume.TokenSource;
import dev.shiplog.node.volume.VolumeFailure;
import dev.shiplog.node.volume.Volumes;
import dev.shiplog.resource.PodRanges;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Chooses and opens what runs a cluster's containers. */
public final class Runtimes {
    private static final Logger LOG = Logger.getLogger(Runtimes.class.getName());

    private static final Duration SIMULATED_START = Duration.ofMillis(10);

    private Runtimes() {}

    /**
     * An opened runtime, and what asks its pods how they are.
     *
     * @param images the store of its images where it has one of its own
     * @param network what its pods are plugged into, unless that is the runtime's own affair
     */
    record Opened(
            PodRuntime runtime,
            Prober prober,
            Optional<ImageStore> images,
            Optional<PodNetwork> network) {
        /** One whose pods are on a network. */
        Opened(PodRuntime runtime, Optional<ImageStore> images, Optional<PodNetwork> network) {
            this(runtime, new NetworkProber(runtime), images, network);
        }
    }

    /**
     * Opens the runtime of a choice; {@code auto} is the one that has this profile's pods, at the
     * first start Docker where an Engine answers, else plain processes. Ends the pods of a runtime
     * that is left for another.
     *
     * @throws IllegalArgumentException if it cannot be used here; the message says why and what to
     *     do
     */
    static Opened open(Profile profile, String choice, String node) throws IOException {
        PodsHome home = new PodsHome(profile.podsHome());
        Optional<String> left = home.left(choice);
        if (left.isPresent()) {
            // Before anything ends: what is chosen must be there.
            objection(choice)
                    .ifPresent(reason -> {
                        throw new IllegalArgumentException(reason);
                    });
            leave(profile, left.get(), node);
        }
        Opened opened;
        try {
            opened = opened(profile, home.meant(choice), node);
        } catch (IllegalArgumentException unusable) {
            throw choice.equals("auto") && home.now().isPresent()
                    ? new IllegalArgumentException(
                            unusable.getMessage()
                                    + "\nThe pods of this profile are there. To begin them anew elsewhere, say --runtime "
                                    + (home.meant(choice).equals("docker") ? "process" : "docker")
                                    + ".",
                            unusable)
                    : unusable;
        }
        home.keep(opened.runtime().name());
        return opened;
    }

    /** Ends what a runtime still has of this profile, or says that it cannot be known. */
    private static void leave(Profile profile, String before, String node) throws IOException {
        Optional<String> objection = objection(before);
        if (objection.isPresent()) {
            LOG.log(
                    Level.WARNING,
                    "what the runtime {0} has of this profile could not be ended, and may run beside what begins now: {1}",
                    new Object[] {before, objection.get()});
            return;
        }
        try (PodRuntime runtime = opened(profile, before, node).runtime()) {
            List<ObservedPod> pods = runtime.list();
            for (ObservedPod pod : pods) {
                runtime.removeSandbox(pod.sandbox().id());
            }
            LOG.log(
                    Level.INFO,
                    "{0} pods of the runtime {1} ended, to begin anew in another",
                    new Object[] {pods.size(), before});
        } catch (RuntimeFailure failure) {
            throw new IllegalArgumentException(
                    "the pods in the runtime "
                            + before
                            + " could not be ended, and would run twice: "
                            + failure.getMessage(),
                    failure);
        }
    }

    /** What speaks against using a runtime here. */
    private static Optional<String> objection(String runtime) {
        return switch (runtime) {
            case "docker" ->
                    dockerObjection().map(reason -> "the runtime docker cannot be used: " + reason);
            case "process" -> ProcessRuntime.objection();
            default -> Optional.empty();
        };
    }

    private static Opened opened(Profile profile, String choice, String node) throws IOException {
        String cluster = ClusterId.ensure(profile.clusterIdFile());
        Settings settings = SettingsFile.read(profile.settings());
        objection(choice)
                .ifPresent(reason -> {
                    throw new IllegalArgumentException(reason);
                });
        return switch (choice) {
            case "docker" -> docker(cluster, node, settings);
            case "process" -> process(profile, cluster, node, settings);
            case "simulated" -> simulated(node);
            case "auto" -> auto(profile, cluster, node, settings);
            default ->
                    throw new IllegalArgumentException(
                            "expected the runtime auto, docker, process or simulated, found \""
                                    + choice
                                    + "\"");
        };
    }

    /** Its pods live in this process and end with it. */
    private static Opened simulated(String node) {
        ScheduledExecutorService executor =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("simulated-", 0).factory());
        SimulatedHost host = new SimulatedHost(Timer.real(executor), SIMULATED_START);
        return new Opened(
                new SimulatedRuntime(host, node),
                new SimulatedProber(host),
                Optional.empty(),
                Optional.empty());
    }

    private static Opened auto(Profile profile, String cluster, String node, Settings settings)
            throws IOException {
        Optional<String> docker = dockerObjection();
        if (docker.isEmpty()) {
            return docker(cluster, node, settings);
        }
        Optional<String> process = ProcessRuntime.objection();
        if (process.isPresent()) {
            throw new IllegalArgumentException(
                    "nothing here can run containers. Docker: "
                            + docker.get()
                            + ". Without Docker: "
                            + process.get()
                            + ".");
        }
        return process(profile, cluster, node, settings);
    }

    private static Opened docker(String cluster, String node, Settings settings) {
        PodNetwork network = network(cluster, node, settings.network().podRanges());
        DockerRuntime runtime = DockerRuntime.open(cluster, node, settings.registries(), network);
        return new Opened(
                runtime,
                Optional.empty(),
                runtime.plugs() ? Optional.of(network) : Optional.empty());
    }

    private static PodNetwork network(String cluster, String node, PodRanges pods) {
        return PodNetwork.of(NetworkNames.of(cluster, node), Subnet.parse(pods.range(first(node))));
    }

    /**
     * Which range a node asks for first: not two nodes the same, as far as their names can tell.
     * The one beside the control plane has the first.
     */
    private static int first(String node) {
        return node.equals(Server.NODE)
                ? 0
                : 1 + Math.floorMod(node.hashCode(), PodRanges.COUNT - 1);
    }

    private static Opened process(Profile profile, String cluster, String node, Settings settings)
            throws IOException {
        try {
            PodNetwork network = network(cluster, node, settings.network().podRanges());
            ProcessRuntime runtime =
                    ProcessRuntime.open(
                            new ProcessRuntime.Settings(
                                    profile.processState(),
                                    network,
                                    ProcessRuntime.Mode.AUTO,
                                    settings.registries()));
            return new Opened(runtime, Optional.of(runtime.images()), Optional.of(network));
        } catch (RuntimeFailure failure) {
            throw new IllegalArgumentException(failure.getMessage(), failure);
        }
    }

    /** The volumes of a runtime's pods; only pretended where the pods are. */
    static Volumes volumes(
            Profile profile, PodRuntime runtime, TokenSource tokens, InstantSource clock) {
        return runtime instanceof SimulatedRuntime
                ? Volumes.NONE
                : new DiskVolumes(profile.volumes(), tokens, clock);
    }

    /** The images of a profile's process runtime, whether or not its server runs. */
    public static ImageStore images(Profile profile) throws IOException {
        return new ImageStore(profile.processState().resolve("images"));
    }

    private static Optional<String> dockerObjection() {
        return EngineProbe.probe() instanceof EngineProbe.Unavailable(var _, String reason)
                ? Optional.of(reason)
                : Optional.empty();
    }

    /**
     * Removes every container, network and file that runtimes made for a cluster. Its server must
     * have ended.
     *
     * @throws IllegalArgumentException if something could not be removed; it can be tried again
     */
    public static void purge(Profile profile) throws IOException {
        // It may be a node of a cluster elsewhere.
        Optional<NodeOptions> joined = NodeOptions.read(NodeServer.settings(profile));
        String node = joined.map(NodeOptions::name).orElse(Server.NODE);
        String choice =
                joined.isPresent()
                        ? joined.get().runtime()
                        : SettingsFile.read(profile.settings()).runtime();
        if (!java.nio.file.Files.exists(profile.clusterIdFile()) || choice.equals("simulated")) {
            return;
        }
        // The choice may have been auto, and Docker may have come or gone since: remove what either
        // made.
        try {
            if (java.nio.file.Files.exists(profile.processState())) {
                try (PodRuntime runtime = opened(profile, "process", node).runtime()) {
                    runtime.purge();
                }
            }
            if (dockerObjection().isEmpty()) {
                try (PodRuntime runtime = opened(profile, "docker", node).runtime()) {
                    runtime.purge();
                }
            } else if (choice.equals("docker")) {
                throw new IllegalArgumentException(
                        "the cluster's containers cannot be removed: "
                                + dockerObjection().orElse("the Docker Engine does not answer"));
            }
            ClusterIngress.purge(profile.folder());
            new DiskVolumes(profile.volumes(), TokenSource.NONE, InstantSource.system()).purge();
            if (PodNetwork.objection().isEmpty()) {
                // A start that failed may have claimed addresses before there was a network.
                String cluster = ClusterId.ensure(profile.clusterIdFile());
                new Nft(NetworkNames.of(cluster, node).serviceTable()).remove();
            }
        } catch (VolumeFailure failure) {
            throw new IllegalArgumentException(failure.text() + "; call delete again", failure);
        } catch (RuntimeFailure failure) {
            throw new IllegalArgumentException(
                    "the cluster's containers could not all be removed: "
                            + failure.getMessage()
                            + "; call delete again",
                    failure);
        }
    }
}
