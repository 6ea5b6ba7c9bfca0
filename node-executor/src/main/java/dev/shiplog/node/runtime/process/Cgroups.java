package dev.shiplog.node.runtime.process;

import dev.shiplog.node.runtime.ContainerSpec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Control groups of this cluster's node: one per container, and one per pod for what keeps its
 * containers. Works with version 1 (a hierarchy per controller), version 2 (one for all) and both
 * side by side; without any that can be written, containers run without limits.
 *
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v2.html">cgroup v2</a>
 */
final class Cgroups {
    private static final long PERIOD_MICROS = 100_000;
    private static final int MAX_KILL_ROUNDS = 100;

    private final List<CgroupMount> mounts;
    private final String base;

    /**
     * @param base path of all of this node's groups below each mount
     */
    Cgroups(List<CgroupMount> mounts, String base) {
        this.mounts = List.copyOf(mounts);
        this.base = base;
    }

    /** What can be limited here, for people. */
    String describe() {
        boolean memory = mount("memory").isPresent();
        boolean cpu = mount("cpu").isPresent();
        String version =
                mount("memory")
                        .map(mount -> mount.unified() ? "version 2" : "version 1")
                        .orElse("");
        if (memory && cpu) {
            return "cgroups " + version + ": memory and cpu limits hold";
        }
        return "cgroups: "
                + (memory ? "memory limits hold, cpu limits do not" : "")
                + (cpu ? "cpu limits hold, memory limits do not" : "")
                + (memory || cpu
                        ? ""
                        : "no controller can be written, containers run without limits");
    }

    /** Makes a container's groups, with its limits set, and gives their directories. */
    List<Path> create(String podUid, String containerId, ContainerSpec spec) throws IOException {
        List<Path> groups = new ArrayList<>();
        for (CgroupMount mount : mounts) {
            Path group = mount.create(base + "/" + podUid + "/" + containerId);
            limit(mount, group, spec);
            groups.add(group);
        }
        return groups;
    }

    /** Makes the groups for the processes that keep a pod's containers. */
    List<Path> keepers(String podUid) throws IOException {
        List<Path> groups = new ArrayList<>();
        for (CgroupMount mount : mounts) {
            groups.add(mount.create(base + "/" + podUid + "/keepers"));
        }
        return groups;
    }

    /** Where an OCI runtime puts a container before it is moved to its own groups. */
    String runtimePath(String podUid, String containerId) {
        return "/" + base + "/" + podUid + "/" + containerId + "-runtime";
    }

    /** The file of a container's groups that counts kills for want of memory. */
    Optional<Path> oomEvents(List<Path> groups) {
        return mount("memory")
                .flatMap(mount ->
                        groups.stream()
                                .filter(group -> group.startsWith(mount.path()))
                                .findFirst()
                                .map(group ->
                                        group.resolve(
                                                mount.unified()
                                                        ? "memory.events"
                                                        : "memory.oom_control")));
    }

    /** Kills what is in groups. */
    void kill(List<String> groups) throws IOException {
        for (String group : groups) {
            killOne(Path.of(group));
        }
    }

    /** Kills what is in groups and removes them. */
    void remove(List<Path> groups) throws IOException {
        for (Path group : groups) {
            removeOne(group);
        }
    }

    /** Removes a pod's groups, or with {@code ""} all of them. */
    void removePod(String podUid) throws IOException {
        for (CgroupMount mount : mounts) {
            Path pod = mount.path().resolve(base).resolve(podUid);
            for (Path group : mount.below(pod)) {
                removeOne(group);
            }
        }
    }

    private Optional<CgroupMount> mount(String controller) {
        return mounts.stream()
                .filter(mount -> mount.controllers().contains(controller))
                .findFirst();
    }

    private static void limit(CgroupMount mount, Path group, ContainerSpec spec)
            throws IOException {
        if (mount.controllers().contains("memory") && spec.memoryBytes().isPresent()) {
            String bytes = Long.toString(spec.memoryBytes().getAsLong());
            if (mount.unified()) {
                Files.writeString(group.resolve("memory.max"), bytes);
                writeIfThere(group.resolve("memory.swap.max"), "0");
            } else {
                Files.writeString(group.resolve("memory.limit_in_bytes"), bytes);
                writeIfThere(group.resolve("memory.memsw.limit_in_bytes"), bytes);
            }
        }
        if (!mount.controllers().contains("cpu")) {
            return;
        }
        if (spec.cpuNanos().isPresent()) {
            long quota =
                    Math.max(1000, spec.cpuNanos().getAsLong() * PERIOD_MICROS / 1_000_000_000);
            if (mount.unified()) {
                Files.writeString(group.resolve("cpu.max"), quota + " " + PERIOD_MICROS);
            } else {
                writeIfThere(group.resolve("cpu.cfs_period_us"), Long.toString(PERIOD_MICROS));
                writeIfThere(group.resolve("cpu.cfs_quota_us"), Long.toString(quota));
            }
        }
        if (spec.cpuShares().isPresent()) {
            long shares = Math.clamp(spec.cpuShares().getAsLong(), 2, 262_144);
            if (mount.unified()) {
                // The mapping that OCI runtimes use between the ranges of the two versions.
                long weight = 1 + (shares - 2) * 9999 / 262_142;
                Files.writeString(group.resolve("cpu.weight"), Long.toString(weight));
            } else {
                Files.writeString(group.resolve("cpu.shares"), Long.toString(shares));
            }
        }
    }

    private static void writeIfThere(Path file, String text) throws IOException {
        if (Files.exists(file)) {
            Files.writeString(file, text);
        }
    }

    private static void removeOne(Path group) throws IOException {
        for (int round = 0; Files.isDirectory(group); round++) {
            killOne(group);
            try {
                // Removes it only when empty; the kernel's files in it do not count.
                Files.delete(group);
            } catch (IOException e) {
                if (round == MAX_KILL_ROUNDS) {
                    throw new IOException("processes in " + group + " do not die", e);
                }
                // A killed process leaves its group a moment later, and nothing tells when.
                LockSupport.parkNanos(2_000_000);
            }
        }
    }

    private static void killOne(Path group) throws IOException {
        try {
            for (String pid : Files.readAllLines(group.resolve("cgroup.procs"))) {
                ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
            }
        } catch (IOException e) {
            // Gone already, perhaps while it was read.
            if (Files.isDirectory(group)) {
                throw e;
            }
        }
    }
}
