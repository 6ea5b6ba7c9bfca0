package dev.shiplog.node.plan;

import dev.shiplog.node.runtime.ContainerSpec;
import dev.shiplog.node.runtime.ObservedPod;
import dev.shiplog.node.runtime.SandboxNames;
import dev.shiplog.node.runtime.SandboxSpec;
import dev.shiplog.node.runtime.SandboxSpec.PortMapping;
import dev.shiplog.node.runtime.SandboxStatus;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContext;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;

/** A pod's document in the words of the runtime. */
final class Specs {
    private Specs() {}

    /**
     * @throws ConfigError if the pod cannot be called as it asks
     */
    static SandboxSpec sandbox(PodTask task, SandboxNames names, NodeFacts node)
            throws ConfigError {
        return new SandboxSpec(
                task.document().uid().value(),
                task.document().key().namespace(),
                task.document().key().name(),
                PodNames.kernelName(task, node),
                task.document().metadata().labels(),
                hostNetwork(task),
                hostNetwork(task) ? List.of() : ports(task),
                names);
    }

    /**
     * @param podIp the pod's address
     * @param volumes where the pod's volumes are
     * @param processesOf the container whose processes it shares
     */
    static ContainerSpec container(
            PodTask task,
            Container container,
            int attempt,
            String podIp,
            VolumeHistory volumes,
            NodeFacts node,
            Optional<String> processesOf)
            throws ConfigError {
        SortedMap<String, String> env =
                Environment.of(task, container, podIp, PodNames.hostname(task, node), node);
        return new ContainerSpec(
                container.getName(),
                attempt,
                container.getImage(),
                container.getCommand().stream().map(s -> Expansion.expand(s, env)).toList(),
                container.getArgs().stream().map(s -> Expansion.expand(s, env)).toList(),
                env,
                Optional.ofNullable(container.getWorkingDir()).filter(dir -> !dir.isEmpty()),
                Resources.memoryLimit(container),
                Resources.cpuLimitNanos(container),
                Resources.cpuShares(container),
                user(task, container),
                Boolean.TRUE.equals(container.getStdin()),
                Boolean.TRUE.equals(container.getTty()),
                Boolean.TRUE.equals(container.getStdinOnce()),
                processesOf,
                Mounts.of(container, volumes, env),
                VolumeSpecs.groups(task));
    }

    /** Where a container may leave its last words. */
    static String messageAt(Container container) {
        String path = container.getTerminationMessagePath();
        if (path == null || path.isEmpty()) {
            return "/dev/termination-log";
        }
        return path.startsWith("/") ? path : "/" + path;
    }

    static boolean hostNetwork(PodTask task) {
        return Boolean.TRUE.equals(task.pod().getSpec().getHostNetwork());
    }

    /**
     * A pod with the machine's network is reached where its node is. Of a machine's addresses,
     * which one that is knows the node, not the runtime.
     */
    static ObservedPod atAddressOfNode(PodTask task, ObservedPod pod, NodeFacts node) {
        SandboxStatus seen = pod.sandbox();
        if (!hostNetwork(task) || seen.ip().isEmpty()) {
            return pod;
        }
        return new ObservedPod(
                new SandboxStatus(
                        seen.id(),
                        seen.podUid(),
                        seen.namespace(),
                        seen.podName(),
                        seen.running(),
                        node.addresses().getFirst(),
                        seen.created()),
                pod.containers());
    }

    private static List<PortMapping> ports(PodTask task) {
        List<PortMapping> ports = new ArrayList<>();
        for (Container container : task.mainContainers()) {
            for (ContainerPort port : container.getPorts()) {
                if (port.getHostPort() != null && port.getHostPort() > 0) {
                    ports.add(
                            new PortMapping(
                                    port.getHostPort(),
                                    port.getContainerPort(),
                                    or(port.getProtocol(), "TCP"),
                                    or(port.getHostIP(), "")));
                }
            }
        }
        return ports;
    }

    private static OptionalLong user(PodTask task, Container container) throws ConfigError {
        PodSecurityContext ofPod = task.pod().getSpec().getSecurityContext();
        SecurityContext own = container.getSecurityContext();
        Long user = own == null ? null : own.getRunAsUser();
        Boolean nonRoot = own == null ? null : own.getRunAsNonRoot();
        if (user == null && ofPod != null) {
            user = ofPod.getRunAsUser();
        }
        if (nonRoot == null && ofPod != null) {
            nonRoot = ofPod.getRunAsNonRoot();
        }
        if (user != null && user == 0 && Boolean.TRUE.equals(nonRoot)) {
            throw new ConfigError("container's runAsUser breaks non-root policy");
        }
        return user == null ? OptionalLong.empty() : OptionalLong.of(user);
    }

    private static String or(@Nullable String value, String otherwise) {
        return value == null || value.isEmpty() ? otherwise : value;
    }
}
