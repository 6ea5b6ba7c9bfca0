package dev.shiplog.node.runtime.process;

import java.util.List;

/**
 * What is written of a container before it is started.
 *
 * @param stopSignal without {@code SIG}
 * @param cgroups directories that hold its processes, to be removed with it
 */
record ContainerRecord(
        String id,
        String sandboxId,
        String podUid,
        String name,
        int attempt,
        String image,
        String imageId,
        String stopSignal,
        List<String> cgroups) {
    ContainerRecord {
        cgroups = List.copyOf(cgroups);
    }
}
