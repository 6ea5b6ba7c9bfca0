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
        boolean tty) {
    public ContainerSpec {
        command = List.copyOf(command);
        args = List.copyOf(args);
    }
}
