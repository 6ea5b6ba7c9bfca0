package dev.shiplog.node.runtime.process;

import dev.shiplog.node.image.Image;
import dev.shiplog.node.image.ImageStore;
import dev.shiplog.node.image.Trees;
import dev.shiplog.node.runtime.ContainerSpec;
import dev.shiplog.node.runtime.ContainerStatus;
import dev.shiplog.node.runtime.RuntimeFailure;
import dev.shiplog.node.runtime.RuntimeFailure.Kind;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/** The containers of this node. */
final class Containers {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration KILL_LIMIT = Duration.ofSeconds(10);

    /** At most two seconds in all; nothing tells when a process becomes another program. */
    private static final int COMMAND_LOOKS = 1000;

    private static final long COMMAND_LOOK_NANOS = 2_000_000;

    /** What a shell gives for a command that is not there. */
    private static final int NOT_FOUND = 127;

    private final Records records;
    private final ContainerState state;
    private final ImageStore images;
    private final Cgroups cgroups;
    private final Supervisor supervisor;
    private final LogTimes times;
    private final LogSpace space;
    private final Bell bell;
    private final SharedProcesses shared;
    private final Map<String, ContainerRecord> byId = new ConcurrentHashMap<>();

    Containers(
            Records records,
            ContainerState state,
            ImageStore images,
            Cgroups cgroups,
            Supervisor supervisor,
            LogTimes times,
            LogSpace space,
            Bell bell) {
        this.space = space;
        this.records = records;
        this.state = state;
        this.images = images;
        this.cgroups = cgroups;
        this.supervisor = supervisor;
        this.times = times;
        this.bell = bell;
        this.shared = new SharedProcesses(records.layout(), cgroups);
    }

    /** Reads what earlier programs left, and clears away what they had only begun. */
    void load() throws IOException {
        for (String id : Records.names(records.layout().removed())) {
            delete(id, List.of());
        }
        for (String id : Records.names(records.layout().containers())) {
            Optional<ContainerRecord> record = records.container(id);
            if (record.isPresent() && begun(id)) {
                byId.put(id, record.get());
                times.note(id);
            } else {
                delete(id, record.map(ContainerRecord::cgroups).orElse(List.of()));
            }
        }
    }

    private boolean begun(String id) throws IOException {
        return Files.exists(records.layout().started(id))
                || Files.exists(records.layout().exited(id))
                || state.supervised(id);
    }

    List<ContainerRecord> all() {
        return List.copyOf(byId.values());
    }

    Optional<ContainerRecord> withId(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** A sandbox's containers, sorted by name, then attempt. */
    List<ContainerRecord> of(String sandboxId) {
        return byId.values().stream()
                .filter(container -> container.sandboxId().equals(sandboxId))
                .sorted(
                        Comparator.comparing(ContainerRecord::name)
                                .thenComparingInt(ContainerRecord::attempt))
                .toList();
    }

    /** Starts one, or gives the one of that name and attempt. The pod's lock is held. */
    ContainerStatus start(SandboxRecord sandbox, ContainerSpec spec)
            throws IOException, RuntimeFailure, InterruptedException {
        for (ContainerRecord other : of(sandbox.id())) {
            if (!other.name().equals(spec.name())) {
                continue;
            }
            if (other.attempt() == spec.attempt()) {
                awaitBegin(other);
                return state.read(other);
            }
            if (state.read(other).ended().isEmpty()) {
                throw new RuntimeFailure(
                        Kind.INVALID_SPEC,
                        "container "
                                + spec.name()
                                + " of pod "
                                + sandbox.podName()
                                + " still runs as attempt "
                                + other.attempt());
            }
        }
        Image image =
                find(spec.image())
                        .orElseThrow(() ->
                                new RuntimeFailure(
                                        Kind.IMAGE_NOT_FOUND,
                                        "image " + spec.image() + " is not on this node"));
        return make(sandbox, spec, image);
    }

    Optional<Image> find(String name) throws IOException, RuntimeFailure {
        try {
            return images.find(name);
        } catch (IllegalArgumentException e) {
            throw new RuntimeFailure(Kind.INVALID_IMAGE_NAME, String.valueOf(e.getMessage()), e);
        }
    }

    private ContainerStatus make(SandboxRecord sandbox, ContainerSpec spec, Image image)
            throws IOException, RuntimeFailure, InterruptedException {
        String id = Sandboxes.id();
        Path directory = Files.createDirectory(records.layout().container(id));
        Files.setAttribute(directory, "unix:mode", 0700);
        for (String name : List.of("upper", "work", "rootfs", "shm")) {
            Files.setAttribute(Files.createDirectory(directory.resolve(name)), "unix:mode", 0755);
        }
        List<Path> groups = List.of();
        try {
            groups = cgroups.create(sandbox.podUid(), id, spec);
            RootFiles files = new RootFiles(image.tree(), directory.resolve("upper"));
            ContainerRecord record = record(id, sandbox, spec, image, groups);
            ContainerProcess process =
                    ContainerProcess.of(spec, image.config(), sandbox.hostname(), files.tree());
            prepare(files, sandbox, process);
            MountPoints mounts = MountPoints.make(spec.mounts(), files);
            try {
                process.requireExecutable(files.tree(), mounts);
            } catch (RuntimeFailure failure) {
                records.write(record);
                state.recordEnd(id, NOT_FOUND, String.valueOf(failure.getMessage()));
                byId.put(id, record);
                throw failure;
            }
            Bundle.Content content =
                    new Bundle.Content(
                            record,
                            sandbox,
                            image,
                            process,
                            mounts,
                            spec.groups(),
                            spec.stdin(),
                            spec.stdin() && spec.stdinOnce(),
                            spec.tty(),
                            processes(sandbox, spec),
                            groups,
                            cgroups.keepers(sandbox.podUid()),
                            cgroups.oomEvents(groups),
                            cgroups.runtimePath(sandbox.podUid(), id));
            Files.createFile(records.layout().log(id));
            supervisor.prepare(content);
            records.write(record);
            byId.put(id, record);
            supervisor.launch(sandbox, id);
        } catch (IOException | RuntimeFailure e) {
            if (!byId.containsKey(id)) {
                delete(id, groups.stream().map(Path::toString).toList());
            }
            throw e;
        }
        return begun(id, spec);
    }

    /** The process namespace that a container shares with another, or with all of its pod. */
    private Optional<Path> processes(SandboxRecord sandbox, ContainerSpec spec)
            throws IOException, RuntimeFailure {
        if (spec.processesOf().isEmpty()) {
            return Optional.empty();
        }
        if (spec.processesOf().get().equals(sandbox.id())) {
            return Optional.of(shared.of(sandbox));
        }
        Optional<ProcessIdentity> target =
                state.init(spec.processesOf().get()).filter(ProcessIdentity::stays);
        if (target.isEmpty()) {
            throw new RuntimeFailure(
                    Kind.INVALID_SPEC,
                    "container "
                            + spec.name()
                            + " cannot share the processes of container "
                            + spec.processesOf().get()
                            + ", which does not run");
        }
        return Optional.of(Path.of("/proc", Long.toString(target.get().pid()), "ns", "pid"));
    }

    private ContainerStatus begun(String id, ContainerSpec spec)
            throws IOException, RuntimeFailure, InterruptedException {
        ContainerRecord record = Objects.requireNonNull(byId.get(id));
        awaitBegin(record);
        ContainerStatus status = state.read(record);
        if (status.started().isPresent()) {
            return status;
        }
        String why =
                status.ended().map(ContainerStatus.Ended::message).orElse("its supervisor hangs");
        throw new RuntimeFailure(
                Kind.START_FAILED, "container " + spec.name() + " could not be started: " + why);
    }

    /** Waits until it runs or has ended; one whose supervisor died before either is ended here. */
    private void awaitBegin(ContainerRecord record) throws IOException, InterruptedException {
        String id = record.id();
        Layout layout = records.layout();
        boolean begun =
                bell.await(
                        START_LIMIT,
                        () ->
                                state.init(id).isPresent()
                                        || state.read(record).ended().isPresent()
                                        || supervisor.failed(id));
        if (begun && (state.init(id).isPresent() || Files.exists(layout.exited(id)))) {
            if (state.init(id).isPresent()) {
                awaitCommand(state.init(id).get());
            }
            return;
        }
        state.supervisor(id).ifPresent(ProcessIdentity::kill);
        cgroups.kill(record.cgroups());
        state.recordEnd(id, 128, "its supervisor did not begin: " + supervisor.said(id));
    }

    private static void prepare(RootFiles files, SandboxRecord sandbox, ContainerProcess process)
            throws IOException {
        for (String path : List.of("/proc", "/sys", "/dev")) {
            files.mountPoint(path);
        }
        files.directory(process.directory());
        files.write("/etc/hostname", sandbox.hostname() + "\n");
        files.write("/etc/hosts", PodFiles.hosts(sandbox));
        files.write("/etc/resolv.conf", sandbox.knownNames().resolver().text());
    }

    private static ContainerRecord record(
            String id, SandboxRecord sandbox, ContainerSpec spec, Image image, List<Path> groups) {
        String signal = image.config().stopSignal();
        if (signal.isEmpty()) {
            signal = "TERM";
        }
        return new ContainerRecord(
                id,
                sandbox.id(),
                sandbox.podUid(),
                spec.name(),
                spec.attempt(),
                spec.image(),
                image.id(),
                signal.startsWith("SIG") ? signal.substring(3) : signal,
                groups.stream().map(Path::toString).toList());
    }

    /** Ends one; the pod's lock is not held, since this may take as long as the grace. */
    ContainerStatus stop(ContainerRecord record, Duration grace)
            throws IOException, RuntimeFailure, InterruptedException {
        if (state.read(record).ended().isPresent()) {
            return state.read(record);
        }
        awaitBegin(record);
        if (grace.isPositive()) {
            Optional<ProcessIdentity> init = state.init(record.id());
            if (init.isPresent()) {
                init.get().signal(record.stopSignal());
            }
            if (awaitEnd(record, grace)) {
                return state.read(record);
            }
        }
        kill(record);
        return state.read(record);
    }

    /** One that was started a moment ago may not have become its command yet. */
    private static void awaitCommand(ProcessIdentity init) {
        for (int i = 0; i < COMMAND_LOOKS && init.alive() && !init.runsCommand(); i++) {
            LockSupport.parkNanos(COMMAND_LOOK_NANOS);
        }
    }

    private void kill(ContainerRecord record)
            throws IOException, RuntimeFailure, InterruptedException {
        // The kernel kills all others of a process namespace with its first process.
        state.init(record.id()).ifPresent(ProcessIdentity::kill);
        if (awaitEnd(record, KILL_LIMIT)) {
            return;
        }
        cgroups.kill(record.cgroups());
        state.supervisor(record.id()).ifPresent(ProcessIdentity::kill);
        if (!awaitEnd(record, KILL_LIMIT)) {
            throw new RuntimeFailure(
                    Kind.OTHER,
                    "container "
                            + record.name()
                            + " does not end, "
                            + KILL_LIMIT.toSeconds() * 2
                            + " s after it was killed: a process of it waits in the kernel");
        }
    }

    private boolean awaitEnd(ContainerRecord record, Duration limit)
            throws IOException, InterruptedException {
        return bell.await(limit, () -> state.read(record).ended().isPresent());
    }

    /** Ends and removes all of a sandbox's containers. The pod's lock is held. */
    void removeAll(SandboxRecord sandbox) throws IOException, RuntimeFailure, InterruptedException {
        for (ContainerRecord record : of(sandbox.id())) {
            stop(record, Duration.ZERO);
            remove(record);
        }
        cgroups.removePod(sandbox.podUid());
    }

    /** Removes an ended one. */
    void remove(ContainerRecord record) throws IOException {
        delete(record.id(), record.cgroups());
        byId.remove(record.id());
        state.forget(record.id());
        times.forget(record.id());
        space.forget(record.id());
    }

    /**
     * Removes every trace; what says that it exists goes last. Its directory is moved away first:
     * who still notes something of its log would write into it while it is emptied.
     */
    private void delete(String id, List<String> groups) throws IOException {
        Layout layout = records.layout();
        cgroups.remove(groups.stream().map(Path::of).toList());
        Trees.delete(layout.log(id));
        Trees.delete(layout.oci().resolve(id));
        if (Files.exists(layout.container(id))) {
            Files.createDirectories(layout.removed());
            Files.move(layout.container(id), layout.removed(id), StandardCopyOption.ATOMIC_MOVE);
        }
        Trees.delete(layout.removed(id));
        Files.deleteIfExists(layout.started(id));
        Files.deleteIfExists(layout.exited(id));
    }
}
