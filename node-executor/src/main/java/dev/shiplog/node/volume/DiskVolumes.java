package dev.shiplog.node.volume;

import dev.shiplog.node.image.Trees;
import dev.shiplog.node.runtime.Mount;
import dev.shiplog.resource.Uid;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Volumes in a directory of this machine: {@code <pod uid>/empty/<name>}, {@code <pod
 * uid>/memory/<name>} and {@code <pod uid>/files/<name>}; what holds secrets lies in memory at
 * another place, as {@code <pod uid>/<name>}.
 *
 * <p>Invariants: a restart finds all of it by these names; nothing is removed that is not below
 * them, and no link is followed in removing.
 */
public final class DiskVolumes implements Volumes {
    private static final String EMPTY = "empty";
    private static final String MEMORY = "memory";
    private static final String FILES = "files";

    /** An emptyDir is everybody's in the pod. */
    private static final int EMPTY_MODE = 0777;

    /** What is made in it belongs to its group. */
    private static final int SET_GROUP = 02000;

    /** What a group may do with the files that belong to it. */
    private static final int GROUP_READS = 0440;

    private final Path root;
    private final ServiceTokens tokens;
    private final InstantSource clock;
    private final Map<Uid, SortedMap<String, Path>> made = new ConcurrentHashMap<>();
    private Optional<Path> secrets = Optional.empty();

    /**
     * @param root the directory of this node's volumes; made when it is needed
     */
    public DiskVolumes(Path root, TokenSource tokens, InstantSource clock) {
        this.root = root.toAbsolutePath().normalize();
        this.tokens = new ServiceTokens(tokens, clock);
        this.clock = clock;
    }

    @Override
    public Made make(PodVolumes volumes) throws VolumeFailure {
        SortedMap<String, Path> paths = new TreeMap<>();
        Optional<Instant> renewAt = Optional.empty();
        for (Volume volume : volumes.volumes()) {
            try {
                paths.put(volume.name(), make(volumes, volume));
                if (volume instanceof Volume.Files files && !files.tokens().isEmpty()) {
                    Instant at = tokens.renewAt(volumes.uid(), files);
                    renewAt =
                            renewAt.filter(earlier -> earlier.isBefore(at))
                                    .or(() -> Optional.of(at));
                }
            } catch (IOException e) {
                throw new VolumeFailure(VolumeFailure.of(volume.name(), reason(e)).text(), e);
            }
        }
        made.put(volumes.uid(), paths);
        return new Made(paths, renewAt);
    }

    private static String reason(IOException e) {
        return e instanceof NoSuchFileException
                ? e.getMessage() + ": no such file or directory"
                : String.valueOf(e.getMessage());
    }

    private Path make(PodVolumes pod, Volume volume) throws IOException, VolumeFailure {
        return switch (volume) {
            case Volume.EmptyDir empty -> empty(pod, empty);
            case Volume.HostPath host -> {
                HostPaths.ensure(host);
                yield host.path();
            }
            case Volume.Files files -> files(pod, files);
        };
    }

    private Path empty(PodVolumes pod, Volume.EmptyDir volume) throws IOException {
        Path directory =
                of(pod.uid()).resolve(volume.memory() ? MEMORY : EMPTY).resolve(volume.name());
        boolean there = volume.memory() ? MemoryPlace.mounted(directory) : Files.exists(directory);
        if (there) {
            return directory;
        }
        if (volume.memory()) {
            OptionalLong limit = volume.limitBytes();
            MemoryPlace.mount(
                    directory,
                    limit.isPresent() ? Optional.of(limit.getAsLong()) : Optional.empty());
        } else {
            Files.createDirectories(directory);
        }
        int mode = EMPTY_MODE;
        if (pod.fsGroup().isPresent()) {
            group(directory, pod.fsGroup().getAsLong());
            mode |= SET_GROUP;
        }
        Files.setAttribute(directory, "unix:mode", mode);
        return directory;
    }

    private Path files(PodVolumes pod, Volume.Files volume) throws IOException, VolumeFailure {
        Path directory =
                volume.secret()
                        ? secrets().resolve(pod.uid().value()).resolve(volume.name())
                        : of(pod.uid()).resolve(FILES).resolve(volume.name());
        SortedMap<String, FileContent> files = new TreeMap<>(volume.files());
        files.putAll(tokens.files(pod, volume));
        if (pod.fsGroup().isPresent()) {
            files.replaceAll((_, content) -> content.withMode(content.mode() | GROUP_READS));
        }
        Files.createDirectories(directory);
        new AtomicFiles(directory, pod.fsGroup()).write(files, clock.instant());
        return directory;
    }

    private static void group(Path path, long gid) throws IOException {
        Files.setAttribute(path, "unix:gid", Math.toIntExact(gid));
    }

    private Path of(Uid pod) {
        return root.resolve(pod.value());
    }

    private synchronized Path secrets() throws IOException {
        if (secrets.isEmpty()) {
            secrets = Optional.of(MemoryPlace.find(root));
        }
        return secrets.get();
    }

    @Override
    public List<Mount> ready(Uid pod, List<Mount> mounts) throws VolumeFailure {
        List<Mount> ready = new ArrayList<>();
        for (Mount mount : mounts) {
            Optional<Map.Entry<String, Path>> volume =
                    made.getOrDefault(pod, new TreeMap<>()).entrySet().stream()
                            .filter(entry -> mount.hostPath().startsWith(entry.getValue()))
                            .max(Comparator.comparingInt(entry -> entry.getValue().getNameCount()));
            Path path =
                    volume.isEmpty() || volume.get().getValue().equals(mount.hostPath())
                            ? mount.hostPath()
                            : below(pod, volume.get().getKey(), volume.get().getValue(), mount);
            ready.add(
                    new Mount(path, mount.containerPath(), mount.readOnly(), mount.propagation()));
        }
        return ready;
    }

    /** What a subPath leads to; links are followed as far as they stay in the volume. */
    private Path below(Uid pod, String name, Path base, Mount mount) throws VolumeFailure {
        String sub = base.relativize(mount.hostPath()).toString();
        try {
            Path inside = base.toRealPath();
            Path at = inside;
            for (Path step : base.relativize(mount.hostPath())) {
                Path next = at.resolve(step);
                if (!Files.exists(next, LinkOption.NOFOLLOW_LINKS)) {
                    if (given(pod, base)) {
                        throw new VolumeFailure(
                                "failed to prepare subPath for volumeMount \""
                                        + name
                                        + "\": expected "
                                        + sub
                                        + " in the volume, found no such file");
                    }
                    Files.createDirectory(next);
                    Files.setAttribute(next, "unix:mode", 0755);
                }
                at = next.toRealPath();
                if (!at.startsWith(inside)) {
                    throw new VolumeFailure(
                            "failed to prepare subPath for volumeMount \""
                                    + name
                                    + "\": "
                                    + sub
                                    + " leads out of the volume");
                }
            }
            return at;
        } catch (IOException e) {
            throw new VolumeFailure(
                    "failed to prepare subPath for volumeMount \"" + name + "\": " + reason(e), e);
        }
    }

    /** Whether the cluster gives what is in a volume, so that nobody else puts anything there. */
    private boolean given(Uid pod, Path base) throws IOException {
        return base.startsWith(of(pod).resolve(FILES)) || base.startsWith(secrets());
    }

    @Override
    public SortedMap<String, Long> usage(Uid pod) throws VolumeFailure {
        SortedMap<String, Long> usage = new TreeMap<>();
        try {
            for (Path volume : list(of(pod).resolve(EMPTY))) {
                try (Stream<Path> all = Files.walk(volume)) {
                    long bytes = 0;
                    for (Path path : (Iterable<Path>) all::iterator) {
                        bytes +=
                                Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
                                        ? Files.size(path)
                                        : 0;
                    }
                    usage.put(String.valueOf(volume.getFileName()), bytes);
                }
            }
            return usage;
        } catch (IOException | UncheckedIOException e) {
            throw new VolumeFailure("the volumes of pod " + pod + " cannot be measured: " + e, e);
        }
    }

    @Override
    public void remove(Uid pod) throws VolumeFailure {
        try {
            made.remove(pod);
            tokens.forget(pod);
            MemoryPlace.unmountAll(of(pod));
            Trees.delete(of(pod));
            Trees.delete(secrets().resolve(pod.value()));
        } catch (IOException e) {
            throw new VolumeFailure("the volumes of pod " + pod + " cannot be removed: " + e, e);
        }
    }

    @Override
    public MessageFiles messages() {
        return new DiskMessageFiles(root);
    }

    @Override
    public Set<Uid> pods() throws VolumeFailure {
        Set<Uid> pods = new TreeSet<>(Comparator.comparing(Uid::value));
        try {
            for (Path directory : List.of(root, secrets())) {
                list(directory)
                        .forEach(pod -> pods.add(new Uid(String.valueOf(pod.getFileName()))));
            }
            return pods;
        } catch (IOException e) {
            throw new VolumeFailure("the volumes of this node cannot be listed: " + e, e);
        }
    }

    /** Removes the volumes of every pod; none may run any more. */
    public void purge() throws VolumeFailure {
        for (Uid pod : pods()) {
            remove(pod);
        }
        try {
            MemoryPlace.remove(secrets());
            Trees.delete(root);
        } catch (IOException e) {
            throw new VolumeFailure("the volumes of this node cannot be removed: " + e, e);
        }
    }

    private static List<Path> list(Path directory) throws IOException {
        List<Path> found = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
                all.forEach(found::add);
            }
        }
        return found;
    }
}
