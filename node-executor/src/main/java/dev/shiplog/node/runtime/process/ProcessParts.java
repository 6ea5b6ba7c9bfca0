package dev.shiplog.node.runtime.process;

import dev.shiplog.node.image.ImageStore;
import dev.shiplog.node.image.Trees;
import dev.shiplog.node.runtime.RuntimeInfo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** The parts of a {@link ProcessRuntime}, put together. */
final class ProcessParts {
    private final Layout layout;
    private final ImageStore images;
    private final Namespaces namespaces;
    private final PodNetwork network;
    private final Bridge bridge;
    private final Nat nat;
    private final Cgroups cgroups;
    private final ContainerState state;
    private final LogTimes times;
    private final LogSpace space;
    private final Sandboxes sandboxes;
    private final Containers containers;
    private final Hints hints;
    private final Sessions sessions;
    private final PodPorts ports;
    private final ContainerUsage usage;
    private final PodLocks locks = new PodLocks();

    /** Found out beside everything else: a trial takes a tenth of a second. */
    private final CompletableFuture<Way> way;

    /** How containers are run here. */
    private record Way(OciRuntime runtime, boolean overlay) {}

    private ProcessParts(ProcessRuntime.Settings settings) throws IOException {
        layout = new Layout(settings.root());
        layout.create();
        Scripts.install(layout.scripts());
        images = new ImageStore(layout.images(), settings.registries());
        namespaces = new Namespaces(layout);
        String key = key(settings.cluster() + "/" + settings.node());
        bridge = new Bridge("shl-" + key, Subnet.parse(settings.podCidr()));
        nat =
                new Nat(
                        ProcessProbe.installed("nft"),
                        ProcessProbe.installed("iptables"),
                        bridge.name());
        network = new PodNetwork(bridge, nat);
        cgroups = new Cgroups(CgroupMount.find(), "shiplog/" + key);
        state = new ContainerState(layout);
        times = new LogTimes(layout);
        space = new LogSpace(layout, times);
        way = find(settings.mode());
        Bell bell = new Bell();
        Records records = new Records(layout);
        sandboxes = new Sandboxes(records, namespaces, network, nat);
        Supervisor supervisor = new Supervisor(layout, namespaces, this::bundle);
        containers =
                new Containers(records, state, images, cgroups, supervisor, times, space, bell);
        sandboxes.load();
        containers.load();
        hints = new Hints(layout, containers, state, times, space, bell);
        boolean enter = Scripts.installEnter(layout.scripts());
        sessions = new Sessions(layout, containers, state, times, space, hints.logs(), enter);
        ports = new PodPorts(sandboxes, namespaces);
        usage = new ContainerUsage(containers, state);
    }

    static ProcessParts open(ProcessRuntime.Settings settings) throws IOException {
        return new ProcessParts(settings);
    }

    Layout layout() {
        return layout;
    }

    ImageStore images() {
        return images;
    }

    Sandboxes sandboxes() {
        return sandboxes;
    }

    Containers containers() {
        return containers;
    }

    ContainerState state() {
        return state;
    }

    LogTimes times() {
        return times;
    }

    LogSpace space() {
        return space;
    }

    Hints hints() {
        return hints;
    }

    Sessions sessions() {
        return sessions;
    }

    PodPorts ports() {
        return ports;
    }

    ContainerUsage usage() {
        return usage;
    }

    /** Where pods reach the machine. */
    String gateway() throws IOException {
        return bridge.ensure().gateway();
    }

    PodLocks locks() {
        return locks;
    }

    RuntimeInfo info() {
        List<String> details = new ArrayList<>();
        String version;
        try {
            Way found = way.join();
            version = found.runtime.program() + "-" + number(found.runtime.version());
            details.addAll(found.runtime.why());
            details.add(
                    found.overlay
                            ? "overlayfs: layers are shared"
                            : "no overlayfs here: each container copies its image");
        } catch (CompletionException e) {
            version = "unusable";
            details.add(String.valueOf(e.getMessage()));
        }
        details.add(cgroups.describe());
        details.add(nat.describe());
        return new RuntimeInfo("process://" + version, details);
    }

    /** Removes what is left once all sandboxes are gone. */
    void purge() throws IOException {
        network.purge();
        cgroups.removePod("");
        namespaces.close();
        for (Path path :
                List.of(
                        layout.sandboxes(),
                        layout.containers(),
                        layout.events(),
                        layout.logs(),
                        layout.oci())) {
            clear(path);
        }
    }

    private static void clear(Path directory) throws IOException {
        for (String name : Records.names(directory)) {
            Trees.delete(directory.resolve(name));
        }
    }

    private Bundle bundle() {
        Way found = way.join();
        return new Bundle(layout, found.runtime, found.overlay);
    }

    private CompletableFuture<Way> find(ProcessRuntime.Mode mode) {
        CompletableFuture<Way> result = new CompletableFuture<>();
        Thread.ofVirtual()
                .name("runtime trial")
                .start(() -> {
                    try {
                        result.complete(
                                new Way(
                                        OciRuntime.find(
                                                OciRuntime.Choice.valueOf(mode.name()),
                                                layout.root().resolve("trials")),
                                        overlay()));
                    } catch (IOException e) {
                        result.completeExceptionally(new UncheckedIOException(e));
                    }
                });
        return result;
    }

    /**
     * Whether overlayfs can be mounted where containers will be; tried in a namespace of its own.
     */
    private boolean overlay() throws IOException {
        Path scratch = Files.createTempDirectory(layout.root(), "overlay-");
        try {
            for (String name : List.of("lower", "upper", "work", "merged")) {
                Files.createDirectory(scratch.resolve(name));
            }
            Command.run(
                    "unshare",
                    "--mount",
                    "sh",
                    "-c",
                    "cd \"$1\" && mount -t overlay overlay"
                            + " -o lowerdir=lower,upperdir=upper,workdir=work merged",
                    "sh",
                    scratch.toString());
            return true;
        } catch (IOException e) {
            return false;
        } finally {
            Trees.delete(scratch);
        }
    }

    /** The number in a version line. */
    private static String number(String version) {
        for (String word : version.split("\\s+", -1)) {
            if (word.matches("[0-9][0-9A-Za-z.+~-]*")) {
                return word;
            }
        }
        return "0";
    }

    private static String key(String name) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(name.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 3);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
