package dev.shiplog.node.runtime;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;

/**
 * One container to run. Everything is resolved: {@code $(VAR)} expanded, references looked up.
 *
 * @param name the container's name in its pod
 * @param attempt 0 for the first start, one more for each restart
 * @param image the name as written in the pod
 * @param command instead of the image's entry point; empty keeps it. As in Kubernetes, a command
 *     without args drops the image's own args
 * @param args instead of the image's args
 * @param env in addition to the image's
 * @param workingDir instead of the image's
 * @param memoryBytes hard limit
 * @param cpuNanos hard limit in billionths of a core: one core is 1,000,000,000
 * @param cpuShares relative weight, 1024 to a core, from the request
 * @param user uid to run as
 * @param stdin whether to keep standard input open
 * @param tty whether to give it a terminal
 * @param stdinOnce whether its standard input ends for good when the first client that was attached
 *     with input ends it or leaves; else it stays open for the next
 * @param processesOf whose process namespace it joins, so that each sees the other's processes: the
 *     id of a running container of the pod, or of the sandbox, which all of a pod's may share.
 *     Empty: one of its own
 * @param mounts what it sees of this machine's files; no two at one path. One below another is
 *     mounted after it
 * @param groups gids that its processes have besides their own
 */
public record ContainerSpec(
        String name,
        int attempt,
        String image,
        List<String> command,
        List<String> args,
        SortedMap<String, String> env,
        Optional<String> workingDir,
        OptionalLong memoryBytes,
        OptionalLong cpuNanos,
        OptionalLong cpuShares,
        OptionalLong user,
        boolean stdin,
        boolean tty,
        boolean stdinOnce,
        Optional<String> processesOf,
        List<Mount> mounts,
        List<Long> groups) {
    public ContainerSpec {
        command = List.copyOf(command);
        args = List.copyOf(args);
        mounts = List.copyOf(mounts);
        groups = List.copyOf(groups);
    }

    /** One without files of the machine. */
    public ContainerSpec(
            String name,
            int attempt,
            String image,
            List<String> command,
            List<String> args,
            SortedMap<String, String> env,
            Optional<String> workingDir,
            OptionalLong memoryBytes,
            OptionalLong cpuNanos,
            OptionalLong cpuShares,
            OptionalLong user,
            boolean stdin,
            boolean tty,
            boolean stdinOnce,
            Optional<String> processesOf) {
        this(
                name,
                attempt,
                image,
                command,
                args,
                env,
                workingDir,
                memoryBytes,
                cpuNanos,
                cpuShares,
                user,
                stdin,
                tty,
                stdinOnce,
                processesOf,
                List.of(),
                List.of());
    }

    /** One whose input stays open, and that joins no other container's processes. */
    public ContainerSpec(
            String name,
            int attempt,
            String image,
            List<String> command,
            List<String> args,
            SortedMap<String, String> env,
            Optional<String> workingDir,
            OptionalLong memoryBytes,
            OptionalLong cpuNanos,
            OptionalLong cpuShares,
            OptionalLong user,
            boolean stdin,
            boolean tty) {
        this(
                name,
                attempt,
                image,
                command,
                args,
                env,
                workingDir,
                memoryBytes,
                cpuNanos,
                cpuShares,
                user,
                stdin,
                tty,
                false,
                Optional.empty());
    }

    /** The same with these files of the machine instead. */
    public ContainerSpec withMounts(List<Mount> value) {
        return with(value, groups);
    }

    /** The same with these groups instead. */
    public ContainerSpec withGroups(List<Long> value) {
        return with(mounts, value);
    }

    private ContainerSpec with(List<Mount> newMounts, List<Long> newGroups) {
        return new ContainerSpec(
                name,
                attempt,
                image,
                command,
                args,
                env,
                workingDir,
                memoryBytes,
                cpuNanos,
                cpuShares,
                user,
                stdin,
                tty,
                stdinOnce,
                processesOf,
                newMounts,
                newGroups);
    }
}
