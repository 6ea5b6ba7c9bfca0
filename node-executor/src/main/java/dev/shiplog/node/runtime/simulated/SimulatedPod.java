package dev.shiplog.node.runtime.simulated;

import dev.shiplog.node.runtime.ContainerStatus;
import dev.shiplog.node.runtime.ObservedPod;
import dev.shiplog.node.runtime.SandboxStatus;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** One pod's record. Every access is under the host's lock. */
final class SimulatedPod {
    final String node;
    final SandboxStatus sandbox;
    final List<SimulatedContainer> containers = new ArrayList<>();

    SimulatedPod(String node, SandboxStatus sandbox) {
        this.node = node;
        this.sandbox = sandbox;
    }

    ObservedPod observed() {
        return new ObservedPod(
                sandbox,
                containers.stream()
                        .map(SimulatedContainer::status)
                        .sorted(
                                Comparator.comparing(ContainerStatus::name)
                                        .thenComparingInt(ContainerStatus::attempt))
                        .toList());
    }
}
