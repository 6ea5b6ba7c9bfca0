package dev.shiplog.scheduler;

import dev.shiplog.placement.Amounts;
import dev.shiplog.placement.NodeFacts;
import dev.shiplog.resource.Uid;

import java.util.HashMap;
import java.util.Map;

/**
 * A node and what is taken of it: the sums over the pods on it, kept up as pods come and go. Not
 * for two threads at once.
 */
final class NodeLoad {
    private NodeFacts facts;
    private Amounts requested = Amounts.NONE;
    private long scoredCpu;
    private long scoredMemory;
    private final Map<Uid, PodDemand> pods = new HashMap<>();
    private final Map<Uid, Integer> podsByOwner = new HashMap<>();
    private final Map<Uid, PodDemand> portTakers = new HashMap<>();

    NodeLoad(NodeFacts facts) {
        this.facts = facts;
    }

    NodeFacts facts() {
        return facts;
    }

    void facts(NodeFacts value) {
        facts = value;
    }

    Amounts requested() {
        return requested;
    }

    long scoredCpu() {
        return scoredCpu;
    }

    long scoredMemory() {
        return scoredMemory;
    }

    int podsOf(Uid owner) {
        return podsByOwner.getOrDefault(owner, 0);
    }

    boolean takes(HostPort port) {
        return portTakers.values().stream()
                .flatMap(pod -> pod.ports().stream())
                .anyMatch(taken -> taken.conflictsWith(port));
    }

    void add(PodDemand pod) {
        if (pods.put(pod.uid(), pod) != null) {
            return;
        }
        requested = requested.plus(pod.requests());
        scoredCpu += pod.scoredCpu();
        scoredMemory += pod.scoredMemory();
        pod.owner().ifPresent(owner -> podsByOwner.merge(owner, 1, Integer::sum));
        if (!pod.ports().isEmpty()) {
            portTakers.put(pod.uid(), pod);
        }
    }

    /** Whether the pod was there. */
    boolean remove(Uid uid) {
        PodDemand pod = pods.remove(uid);
        if (pod == null) {
            return false;
        }
        requested = requested.minus(pod.requests());
        scoredCpu -= pod.scoredCpu();
        scoredMemory -= pod.scoredMemory();
        pod.owner()
                .ifPresent(owner ->
                        podsByOwner.computeIfPresent(
                                owner, (_, count) -> count == 1 ? null : count - 1));
        portTakers.remove(uid);
        return true;
    }
}
