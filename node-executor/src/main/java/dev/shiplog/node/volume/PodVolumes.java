package dev.shiplog.node.volume;

import dev.shiplog.resource.ResourceKey;
import dev.shiplog.resource.Uid;

import java.util.List;
import java.util.OptionalLong;

/**
 * All volumes of a pod.
 *
 * @param fsGroup the group that their files belong to
 */
public record PodVolumes(ResourceKey pod, Uid uid, OptionalLong fsGroup, List<Volume> volumes) {
    public PodVolumes {
        volumes = List.copyOf(volumes);
    }
}
