package dev.shiplog.node.plan;

import dev.shiplog.node.runtime.Mount;
import dev.shiplog.node.volume.PodVolumes;
import dev.shiplog.node.volume.Volume;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.VolumeMount;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Where a container sees the volumes of its pod. */
final class Mounts {
    private Mounts() {}

    /**
     * @param env the container's variables, for {@code subPathExpr}
     * @throws ConfigError if a mount cannot be as it says
     */
    static List<Mount> of(Container container, VolumeHistory volumes, Map<String, String> env)
            throws ConfigError {
        List<Mount> mounts = new ArrayList<>();
        for (VolumeMount mount : container.getVolumeMounts()) {
            Path base = volumes.paths().get(mount.getName());
            if (base == null) {
                throw new ConfigError(
                        "container "
                                + container.getName()
                                + ": expected a volume "
                                + mount.getName()
                                + " of the pod, found none");
            }
            String sub = subPath(mount, env);
            mounts.add(
                    new Mount(
                            sub.isEmpty() ? base : base.resolve(sub),
                            Path.of("/").resolve(mount.getMountPath()).normalize().toString(),
                            Boolean.TRUE.equals(mount.getReadOnly())
                                    || given(volumes, mount.getName()),
                            propagation(mount.getMountPropagation())));
        }
        return mounts;
    }

    /** What the cluster gives cannot be written to by those that it is given to. */
    private static boolean given(VolumeHistory volumes, String name) {
        return volumes.made().map(PodVolumes::volumes).orElse(List.of()).stream()
                .anyMatch(volume -> volume.name().equals(name) && volume instanceof Volume.Files);
    }

    private static String subPath(VolumeMount mount, Map<String, String> env) throws ConfigError {
        String sub = mount.getSubPath() == null ? "" : mount.getSubPath();
        String expression = mount.getSubPathExpr() == null ? "" : mount.getSubPathExpr();
        if (!expression.isEmpty()) {
            sub = Expansion.expand(expression, env);
            if (sub.contains("$(")) {
                throw new ConfigError(
                        "failed to expand subPathExpr \""
                                + expression
                                + "\": expected every variable in it to be one of the container's");
            }
        }
        Path path = Path.of(sub);
        if (path.isAbsolute() || path.normalize().startsWith("..")) {
            throw new ConfigError(
                    "expected a subPath inside of volume "
                            + mount.getName()
                            + ", found \""
                            + sub
                            + "\"");
        }
        return path.normalize().toString();
    }

    private static Mount.Propagation propagation(@Nullable String wished) throws ConfigError {
        return switch (wished == null ? "" : wished) {
            case "", "None" -> Mount.Propagation.NONE;
            case "HostToContainer" -> Mount.Propagation.HOST_TO_CONTAINER;
            case "Bidirectional" -> Mount.Propagation.BIDIRECTIONAL;
            default ->
                    throw new ConfigError(
                            "expected mountPropagation None, HostToContainer or Bidirectional,"
                                    + " found \""
                                    + wished
                                    + "\"");
        };
    }
}
