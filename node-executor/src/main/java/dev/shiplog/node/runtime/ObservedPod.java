package dev.shiplog.node.runtime;

import java.util.List;

/** A pod as the runtime sees it; containers sorted by name, then attempt. */
public record ObservedPod(SandboxStatus sandbox, List<ContainerStatus> containers) {
    public ObservedPod {
        containers = List.copyOf(containers);
    }
}
