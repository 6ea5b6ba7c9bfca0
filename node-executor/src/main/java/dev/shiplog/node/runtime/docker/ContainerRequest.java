package dev.shiplog.node.runtime.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.BindOptions;
import com.github.dockerjava.api.model.BindPropagation;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.MountType;

import dev.shiplog.node.runtime.ContainerSpec;
import dev.shiplog.node.runtime.Mount;

import java.util.Map;

/** From a container's specification to the Engine's words. */
final class ContainerRequest {
    /** The scheduler's period: quotas are shares of it. */
    private static final long CPU_PERIOD_MICROS = 100_000;

    /** The kernel's smallest quota. */
    private static final long MIN_QUOTA_MICROS = 1_000;

    /** The kernel's smallest weight. */
    private static final long MIN_SHARES = 2;

    private static final long NANOS_PER_CORE = 1_000_000_000;

    private ContainerRequest() {}

    /**
     * The hostname is not said: a container that joins another's network also gets its hostname,
     * and the Engine refuses to be told one.
     */
    static CreateContainerCmd of(
            DockerClient client,
            ContainerSpec spec,
            String sandboxId,
            String name,
            Map<String, String> labels) {
        CreateContainerCmd command =
                client.createContainerCmd(spec.image())
                        .withName(name)
                        .withLabels(labels)
                        .withEnv(spec.env().entrySet().stream().map(Object::toString).toList())
                        .withStdinOpen(spec.stdin())
                        .withStdInOnce(spec.stdin() && spec.stdinOnce())
                        .withTty(spec.tty())
                        .withHostConfig(hostConfig(spec, sandboxId));
        if (!spec.command().isEmpty()) {
            // An entry point of the request makes the Engine drop the image's CMD, as Kubernetes
            // does.
            command.withEntrypoint(spec.command());
        }
        if (!spec.args().isEmpty()) {
            command.withCmd(spec.args());
        }
        spec.workingDir().ifPresent(command::withWorkingDir);
        spec.user().ifPresent(uid -> command.withUser(Long.toString(uid)));
        return command;
    }

    private static HostConfig hostConfig(ContainerSpec spec, String sandboxId) {
        String joined = "container:" + sandboxId;
        HostConfig host =
                HostConfig.newHostConfig()
                        .withNetworkMode(joined)
                        .withIpcMode(joined)
                        .withLogConfig(LogFiles.bounded());
        if (!spec.mounts().isEmpty()) {
            host.withMounts(spec.mounts().stream().map(ContainerRequest::mount).toList());
        }
        if (!spec.groups().isEmpty()) {
            host.withGroupAdd(spec.groups().stream().map(String::valueOf).toList());
        }
        spec.processesOf().ifPresent(id -> host.withPidMode("container:" + id));
        // As much swap as memory is no swap: what Docker calls swap is the sum of both.
        spec.memoryBytes().ifPresent(bytes -> host.withMemory(bytes).withMemorySwap(bytes));
        spec.cpuShares()
                .ifPresent(shares -> host.withCpuShares((int) Math.max(MIN_SHARES, shares)));
        // Not NanoCpus: the Engine refuses more of those than the machine has cores.
        spec.cpuNanos()
                .ifPresent(
                        nanos -> host.withCpuPeriod(CPU_PERIOD_MICROS).withCpuQuota(quota(nanos)));
        return host;
    }

    /** As a mount and not as a bind: of a bind, the Engine makes what is missing on the machine. */
    private static com.github.dockerjava.api.model.Mount mount(Mount mount) {
        return new com.github.dockerjava.api.model.Mount()
                .withType(MountType.BIND)
                .withSource(mount.hostPath().toString())
                .withTarget(mount.containerPath())
                .withReadOnly(mount.readOnly())
                .withBindOptions(
                        new BindOptions().withPropagation(propagation(mount.propagation())));
    }

    private static BindPropagation propagation(Mount.Propagation wished) {
        return switch (wished) {
            case NONE -> BindPropagation.R_PRIVATE;
            case HOST_TO_CONTAINER -> BindPropagation.R_SLAVE;
            case BIDIRECTIONAL -> BindPropagation.R_SHARED;
        };
    }

    static long quota(long nanos) {
        return Math.max(MIN_QUOTA_MICROS, nanos * CPU_PERIOD_MICROS / NANOS_PER_CORE);
    }
}
